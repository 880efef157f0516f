import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strFromU8, unzipSync } from "fflate";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PreparedReport } from "./report.ts";

let site: string;
let logFolder: string;
beforeEach(() => {
  site = mkdtempSync(join(tmpdir(), "report-"));
  logFolder = join(site, "logs");
  mkdirSync(logFolder);
});
afterEach(() => rmSync(site, { recursive: true, force: true }));

test("what is saved is what was shown, whatever was logged meanwhile", () => {
  const file = join(logFolder, "console.1.log");
  writeFileSync(file, "before\n");
  const report = new PreparedReport({ facts: { "versions.json": { version: "1.2.3" } }, logFolder });
  writeFileSync(file, "after\n");
  const path = report.save(join(site, "reports"), "20300102T030405Z");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const saved = Object.entries(unzipSync(readFileSync(path))).map(([name, bytes]) => [
    name,
    strFromU8(bytes),
  ]);
  expect(saved).toEqual(report.files.map(({ name, text }) => [name, text]));
  expect(saved).toEqual([
    ["versions.json", '{\n  "version": "1.2.3"\n}\n'],
    ["logs/console.1.log", "before\n"],
  ]);
});

test("of a long log its whole last lines are shown, and all of it is saved", () => {
  const lines = Array.from({ length: 20_000 }, (_, at) => `line ${at} of the log`);
  writeFileSync(join(logFolder, "console.2.log"), `${lines.join("\n")}\n`);
  const report = new PreparedReport({ facts: {}, logFolder });
  const [shown] = report.files;
  expect(shown?.isCut).toBe(true);
  expect(shown?.text).toMatch(/^line \d+ of the log\n.*line 19999 of the log\n$/s);
  const path = report.save(join(site, "reports"), "x");
  expect(unzipSync(readFileSync(path))["logs/console.2.log"]?.length).toBe(shown?.sizeBytes);
});

test("where there is no log yet a report is made all the same", () => {
  const report = new PreparedReport({ facts: { "versions.json": {} }, logFolder: join(site, "none") });
  expect(report.files.map(({ name }) => name)).toEqual(["versions.json"]);
});

test("of a report that cannot be kept nothing is left", () => {
  const report = new PreparedReport({ facts: { "versions.json": {} }, logFolder: join(site, "none") });
  const reports = join(site, "reports");
  mkdirSync(join(reports, "evidence-desk-report-now.zip", "taken"), { recursive: true });
  expect(() => report.save(reports, "now")).toThrow();
  expect(readdirSync(reports)).toEqual(["evidence-desk-report-now.zip"]);
});

test("a log that cannot be read says so in its place, and the report is made with the others", () => {
  const logFolder = join(site, "logs");
  mkdirSync(join(logFolder, "odd.log"), { recursive: true });
  writeFileSync(join(logFolder, "console.log"), "{}\n");
  const { files } = new PreparedReport({ facts: {}, logFolder });
  expect(files).toMatchObject([
    { name: "logs/console.log", text: "{}\n" },
    { name: "logs/odd.log", text: expect.stringMatching(/^This file cannot be read: EISDIR/) },
  ]);
});
