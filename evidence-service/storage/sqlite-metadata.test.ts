import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { newEvidence, TestSite } from "../test-console/test-site.ts";
import { openSqliteMetadata } from "./sqlite-metadata.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "metadata-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

test("evidence and cases of before operators were named are kept, and name nobody", async () => {
  const site = await TestSite.start();
  try {
    const file = join(site.dir, "evidence.sqlite");
    const { EvidenceId } = await site.createEvidence({ Name: "Old", CreatedOnBehalfOf: "olga" });
    const older = new SqliteDatabase(file);
    older.exec(`ALTER TABLE evidence DROP COLUMN createdOnBehalfOf;
      ALTER TABLE caseFile DROP COLUMN createdOnBehalfOf; DROP TABLE receiving; ALTER TABLE serviceAccount DROP COLUMN role; PRAGMA user_version = 3`);
    older.close();
    await site.restart();
    expect(await site.readEvidence(EvidenceId)).toMatchObject({ Name: "Old", CreatedOnBehalfOf: null });
    const path = "/documents/api/v1/tenant/TENANT/evidence";
    const next = await site.call("POST", path, newEvidence({ CreatedOnBehalfOf: "olga" }));
    expect(next.body).toMatchObject({ CreatedOnBehalfOf: "olga" });
  } finally {
    await site.stop();
  }
});

test("a database of a later program is refused and left as it is", async () => {
  const file = join(folder, "evidence.sqlite");
  await openSqliteMetadata(file).destroy();
  const later = new SqliteDatabase(file);
  later.pragma("user_version = 99");
  later.close();
  expect(() => openSqliteMetadata(file)).toThrow(/version 99/);
});
