import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { withSecondRun } from "./second-run.mjs";
import {
  failureLines,
  joined,
  longestFiles,
  readPlaywright,
  readVitest,
  sum,
  tally,
  type Report,
} from "./test-report.mjs";

const folder = mkdtempSync(join(tmpdir(), "test-report-"));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, content: object): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

const vitestFile = (name: string, ...statuses: string[]) => ({
  name,
  status: statuses.includes("failed") ? "failed" : "passed",
  assertionResults: statuses.map((status, at) => ({ status, fullName: `${name} ${at}` })),
});
const ofVitest = (name: string, ...testResults: object[]) => readVitest(written(name, { testResults }));

const specs = (...statuses: string[]) =>
  statuses.map((status, at) => ({ title: `spec ${at}`, tests: [{ status }] }));

test("passed, failed and skipped tests of both runners add up", () => {
  const units = ofVitest("u.json", vitestFile("a", "passed", "failed", "pending"), vitestFile("b", "todo"));
  const suites = [
    { file: "c.spec.ts", specs: specs("expected"), suites: [{ specs: specs("unexpected", "skipped") }] },
    { file: "d.spec.ts", specs: specs("expected", "flaky") },
  ];
  const spec = readPlaywright(written("p.json", { suites, errors: [] }));
  expect(sum([tally(units), tally(spec)])).toEqual({ passed: 3, failed: 3, skipped: 3 });
});

test("a file that cannot be loaded, a broken run and a missing report are failures", () => {
  const units = ofVitest("broken.json", { name: "a", status: "failed", assertionResults: [] });
  const spec = readPlaywright(written("broken-p.json", { suites: [], errors: [{ message: "no config" }] }));
  expect(tally(units).failed).toBe(1);
  expect(tally(spec).failed).toBe(1);
  expect(tally(readVitest(join(folder, "none.json")))).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test("two halves are one run, and what broke beside the tests of either counts", () => {
  const half = (name: string, ...statuses: string[]) =>
    readPlaywright(written(name, { suites: [{ file: name, specs: specs(...statuses) }], errors: [] }));
  const none = readPlaywright(join(folder, "no-half.json"));
  const both = joined([half("first.spec.ts", "expected", "skipped"), half("second.spec.ts", "unexpected")]);
  expect(tally(both)).toEqual({ passed: 1, failed: 1, skipped: 1 });
  expect(tally(joined([both, none]))).toEqual({ passed: 1, failed: 2, skipped: 1 });
});

function runOf(report: Report) {
  return { code: tally(report).failed > 0 ? 1 : 0, report };
}

test("what fails once and passes alone is told as a race, and counted as it ran alone", async () => {
  const asked: string[][] = [];
  const first = ofVitest("1.json", vitestFile("a", "passed", "passed"), vitestFile("b", "failed", "passed"));
  const run = await withSecondRun(runOf(first), async (files) => {
    asked.push(files);
    return runOf(ofVitest("2.json", vitestFile("b", "passed", "passed")));
  });
  expect(asked).toEqual([["b"]]);
  expect(run).toMatchObject({ code: 0, races: ["b: b 0"] });
  expect(tally(run.report)).toEqual({ passed: 4, failed: 0, skipped: 0 });
});

test("what fails twice has failed, beside a race too", async () => {
  const first = ofVitest("3.json", vitestFile("a", "failed"), vitestFile("b", "failed"));
  const second = ofVitest("4.json", vitestFile("a", "passed"), vitestFile("b", "failed"));
  const run = await withSecondRun(runOf(first), async () => runOf(second));
  expect(run).toMatchObject({ code: 1, races: ["a: a 0"] });
  expect(tally(run.report)).toEqual({ passed: 1, failed: 1, skipped: 0 });
});

test("nothing runs twice where all passed, the run is broken, or many files failed", async () => {
  const many = ["a", "b", "c", "d"].map((name) => vitestFile(name, "failed"));
  const broken = readPlaywright(join(folder, "none.json"));
  const passed = ofVitest("5.json", vitestFile("a", "passed"));
  for (const first of [runOf(passed), runOf(ofVitest("6.json", ...many)), runOf(broken)]) {
    const run = await withSecondRun(first, () => Promise.reject(new Error("ran again")));
    expect(run).toEqual({ ...first, races: [] });
  }
});

test("a second run without a report is a failure", async () => {
  const first = runOf(ofVitest("7.json", vitestFile("a", "failed")));
  const run = await withSecondRun(first, async () => runOf(readVitest(join(folder, "none.json"))));
  expect(run.code).toBe(1);
  expect(run.races).toEqual([]);
});

test("what failed is told with what it said, and which files took longest", () => {
  const [said, colour] = ["expected 2 to be 1", "\u001b[31m"];
  const failing = { status: "failed", fullName: "adds up", failureMessages: [colour + said], duration: 4200 };
  const units = ofVitest(
    "8.json",
    { name: "/project/a.test.ts", status: "failed", assertionResults: [failing] },
    { name: "/project/b.test.ts", status: "failed", message: "no such module", assertionResults: [] },
  );
  const spec = { title: "sends", tests: [{ status: "unexpected", results: [] as object[] }] };
  spec.tests[0]!.results = [{ duration: 61_000, errors: [{ message: "not visible" }] }];
  const specsRun = readPlaywright(
    written("9.json", { suites: [{ file: "c.spec.ts", specs: [spec] }], errors: [] }),
  );
  const all = joined([units, specsRun]);
  expect(failureLines(all, "/project")).toEqual([
    "a.test.ts: adds up: expected 2 to be 1",
    "b.test.ts: the file as a whole: no such module",
    "c.spec.ts: sends: not visible",
  ]);
  expect(longestFiles(all, "/project", 2)).toEqual(["61 s c.spec.ts", "4 s a.test.ts"]);
});
