import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { OperatorList } from "./operator-list.ts";
import { SettingsStore } from "./settings-store.ts";
import { usingSiteFile } from "./site-file.ts";
import { openSiteFolder } from "./site-folder.ts";

const DAMAGED = "cannot be used: it is damaged, or a later version of this program wrote it.";
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "evidence-desk-site-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const openings: readonly [string, () => unknown][] = [
  ["evidence-desk-site.json", () => openSiteFolder(folder)],
  ["operators.json", () => new OperatorList(folder)],
  ["settings.sqlite", () => new SettingsStore(join(folder, "settings.sqlite"))],
];

test.each(openings)("%s that is damaged is named, and stays as it is", (name, open) => {
  for (const content of ["", "{", "{}", "not what it was before, and longer than a head"]) {
    // To SQLite a file without a whole head is a database without anything in it.
    if (name === "settings.sqlite" && content.length < 16) continue;
    writeFileSync(join(folder, name), content);
    expect(open).toThrow(`${join(folder, name)} ${DAMAGED}`);
    expect(readFileSync(join(folder, name), "utf8")).toBe(content);
  }
});

test.each(openings)(
  "%s that the system does not give out is named with what the system says",
  (name, open) => {
    mkdirSync(join(folder, name));
    expect(open).toThrow(/ cannot be used: the system says (EISDIR|SQLITE_CANTOPEN)\.$/);
  },
);

test("a setting that is damaged is an error that names the file, never the setting's default", () => {
  const path = join(folder, "settings.sqlite");
  new SettingsStore(path).close();
  const database = new Database(path);
  database.prepare("INSERT INTO settings (name, body) VALUES ('destination', '{\"kind\":')").run();
  database.close();
  const store = new SettingsStore(path);
  expect(() => store.destination()).toThrow(`${path} ${DAMAGED}`);
  expect(() => store.read("console-id", z.number(), 1)).toThrow(DAMAGED);
  store.close();
});

test.each([
  ["ENOSPC", "its disk is full (ENOSPC)"],
  ["SQLITE_FULL", "its disk is full (SQLITE_FULL)"],
  ["SQLITE_IOERR_SHMSIZE", "its disk is full (SQLITE_IOERR_SHMSIZE)"],
  ["SQLITE_IOERR_WRITE", "the system says SQLITE_IOERR_WRITE"],
])("%s is the disk's fault: it is told so, and wants room and no backup", (code, why) => {
  const use = () =>
    usingSiteFile("/data/settings.sqlite", () => {
      throw Object.assign(new Error("as the system says it"), { code });
    });
  expect(use).toThrow(
    expect.objectContaining({
      message: `/data/settings.sqlite cannot be used: ${why}.`,
      action: expect.stringContaining("free up space on it"),
    }),
  );
});
