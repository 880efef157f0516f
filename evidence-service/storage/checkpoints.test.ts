import { execFile } from "node:child_process";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import SqliteDatabase from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Checkpoints } from "./checkpoints.ts";
import { openSqliteMetadata } from "./sqlite-metadata.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "checkpoints-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** What the database itself holds, without its log. */
async function inDatabase(file: string): Promise<number> {
  const copy = join(folder, "copy.sqlite");
  await copyFile(file, copy);
  const database = new SqliteDatabase(copy, { readonly: true });
  try {
    return Number(database.prepare("SELECT count(*) FROM setting").pluck().get());
  } catch {
    return 0; // Copied in the middle of being written, or before its tables were.
  } finally {
    database.close();
  }
}

test("what is committed comes into the database beside the service, which does not do it itself", async () => {
  const file = join(folder, "evidence.sqlite");
  const db = openSqliteMetadata(file);
  const reports: string[] = [];
  const checkpoints = await Checkpoints.start(db, file, (message) => reports.push(message));
  // More than what a connection leaves in its log of itself.
  const value = "x".repeat(4_096);
  for (let index = 0; index < 1_100; index += 1) {
    await db
      .insertInto("setting")
      .values({ name: String(index), value })
      .execute();
  }
  while ((await inDatabase(file)) < 1_100) await new Promise((resolve) => setTimeout(resolve, 50));
  await checkpoints.close();
  await db.destroy();
  expect(reports).toEqual([]);
});

test("a process that does nothing else goes on until it has closed its database", async () => {
  const [of, storage] = [JSON.stringify, pathToFileURL(`${import.meta.dirname}/`).href];
  const program = `
    import { Checkpoints } from ${of(`${storage}checkpoints.ts`)};
    import { openSqliteMetadata } from ${of(`${storage}sqlite-metadata.ts`)};
    const file = ${of(join(folder, "evidence.sqlite"))};
    const db = openSqliteMetadata(file);
    const checkpoints = await Checkpoints.start(db, file, console.error);
    await new Promise((resolve) => setTimeout(resolve, 500)); // Until its thread waits for its next time.
    await checkpoints.close();
    await db.destroy();
    console.log("closed");`;
  const script = join(folder, "program.mjs");
  await writeFile(script, program);
  const ended = await promisify(execFile)(process.execPath, [script]);
  expect(ended.stdout).toBe("closed\n");
});
