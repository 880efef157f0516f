import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BEFORE_ASSERTIONS_WERE_WATCHED } from "../testing/earlier-tables.ts";
import { isOnPostgres } from "../testing/rows.ts";
import { newEvidence, TestSite } from "../testing/test-site.ts";
import { CommitInDoubt } from "./commit-in-doubt.ts";
import { onStableStorage, openSqliteMetadata, withoutFlush } from "./sqlite-metadata.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "metadata-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** One table held the blocks of all blobs. */
const BLOCKS_OF_BEFORE = `
  CREATE TABLE block (seq INTEGER PRIMARY KEY AUTOINCREMENT, blobName TEXT NOT NULL, blockId TEXT NOT NULL,
    fileName TEXT NOT NULL, lengthBytes INTEGER NOT NULL, position INTEGER, startByte INTEGER);
  CREATE UNIQUE INDEX stagedBlockOfBefore ON block (blobName, blockId) WHERE position IS NULL;
  INSERT INTO block (blobName, blockId, fileName, lengthBytes)
    SELECT blobName, blockId, fileName, stagedBlock.lengthBytes FROM stagedBlock JOIN blockList USING (list);
  INSERT INTO block (blobName, blockId, fileName, lengthBytes, startByte, position)
    SELECT blobName, blockId, fileName, committedBlock.lengthBytes, startByte, startByte
    FROM committedBlock JOIN blockList USING (list);
  DROP TABLE stagedBlock; DROP TABLE committedBlock; DROP TABLE blockList;
  DROP INDEX stagedBlockOfBefore;
  CREATE UNIQUE INDEX stagedBlock ON block (blobName, blockId) WHERE position IS NULL;
  CREATE INDEX committedBlock ON block (blobName, position);`;

/** Two committed, one that waits. @returns reads the lists of blocks */
async function uploadBlocks(uri: string): Promise<() => Promise<string>> {
  const put = (query: string, body: string) => fetch(`${uri}${query}`, { method: "PUT", body });
  const block = (id: string) => `&comp=block&blockid=${encodeURIComponent(btoa(id))}`;
  await put(block("a"), "a");
  await put(block("b"), "bb");
  await put(
    "&comp=blocklist",
    `<BlockList><Latest>${btoa("b")}</Latest><Latest>${btoa("a")}</Latest></BlockList>`,
  );
  await put(block("c"), "ccc");
  return async () => {
    const listed = await (await fetch(`${uri}&comp=blocklist&blocklisttype=all`)).text();
    return /<BlockList>(.*)<\/BlockList>/.exec(listed)?.[1] ?? listed;
  };
}

test.skipIf(isOnPostgres)(
  "evidence and cases from before operators were named are kept, and name nobody",
  async () => {
    const site = await TestSite.start();
    try {
      const file = join(site.dir, "evidence.sqlite");
      const { EvidenceId } = await site.createEvidence({ Name: "Old", CreatedOnBehalfOf: "olga" });
      const blocks = await uploadBlocks((await site.uploadAddress(EvidenceId)).Uri);
      const older = new SqliteDatabase(file);
      older.exec(`${BLOCKS_OF_BEFORE} ALTER TABLE evidence DROP COLUMN createdOnBehalfOf;
      ALTER TABLE caseFile DROP COLUMN createdOnBehalfOf; DROP TABLE receiving; ALTER TABLE serviceAccount DROP COLUMN role;
      ALTER TABLE resource DROP COLUMN encryptionProtocol; DROP TABLE purgedBlob;
      ${BEFORE_ASSERTIONS_WERE_WATCHED} PRAGMA user_version = 3`);
      older.close();
      await site.restart();
      expect(await site.readEvidence(EvidenceId)).toMatchObject({ Name: "Old", CreatedOnBehalfOf: null });
      const path = "/documents/api/v1/tenant/TENANT/evidence";
      const next = await site.call("POST", path, newEvidence({ CreatedOnBehalfOf: "olga" }));
      expect(next.body).toMatchObject({ CreatedOnBehalfOf: "olga" });
      expect(await blocks()).toBe(
        "<CommittedBlocks><Block><Name>Yg==</Name><Size>2</Size></Block><Block><Name>YQ==</Name><Size>1</Size></Block>" +
          "</CommittedBlocks><UncommittedBlocks><Block><Name>Yw==</Name><Size>3</Size></Block></UncommittedBlocks>",
      );
    } finally {
      await site.stop();
    }
  },
);

test("a database of a later program is refused and left as it is", async () => {
  const file = join(folder, "evidence.sqlite");
  await openSqliteMetadata(file).destroy();
  const later = new SqliteDatabase(file);
  later.pragma("user_version = 99");
  later.close();
  expect(() => openSqliteMetadata(file)).toThrow(/version 99/);
});

/** A log whose flushes end when the test says so. */
function heldLog() {
  const flushes: PromiseWithResolvers<void>[] = [];
  const flush = (): Promise<void> => {
    const held = Promise.withResolvers<void>();
    flushes.push(held);
    return held.promise;
  };
  return { flushes, flush, close: async () => undefined };
}

const names = (file: string): unknown[] => {
  const database = new SqliteDatabase(file);
  const found = database.prepare("SELECT name FROM setting ORDER BY name").pluck().all();
  database.close();
  return found;
};

test("whoever writes is told when it is on stable storage; others read and write meanwhile", async () => {
  const file = join(folder, "evidence.sqlite");
  const log = heldLog();
  const db = openSqliteMetadata(file, log);
  const told: string[] = [];
  const write = async (name: string): Promise<void> => {
    await db.insertInto("setting").values({ name, value: "" }).execute();
    told.push(name);
  };
  const first = write("a");
  await expect.poll(() => log.flushes.length).toBe(1);
  const others = [write("b"), db.transaction().execute((t) => t.deleteFrom("job").execute())];
  await expect.poll(() => names(file)).toEqual(["a", "b"]);
  // A read waits for no disk.
  expect(await db.selectFrom("setting").select("name").execute()).toHaveLength(2);
  expect(told).toEqual([]);
  log.flushes[0]?.resolve();
  await first;
  await expect.poll(() => log.flushes.length).toBe(2);
  expect(told).toEqual(["a"]);
  log.flushes[1]?.resolve();
  await Promise.all(others);
  expect(told).toEqual(["a", "b"]);
  await withoutFlush(db, (connection) => connection.deleteFrom("setting").execute());
  await db.selectFrom("setting").select("name").execute();
  expect(log.flushes).toHaveLength(2);
  await db.destroy();
});

test("what a flush that failed may have lost is brought into the database itself before anybody is told more", async () => {
  const file = join(folder, "evidence.sqlite");
  const log = heldLog();
  const db = openSqliteMetadata(file, log);
  const write = (name: string) => db.insertInto("setting").values({ name, value: "" }).execute();
  const lost = write("a");
  await expect.poll(() => log.flushes.length).toBe(1);
  log.flushes[0]?.reject(new Error("EIO"));
  await expect(lost).rejects.toThrow(CommitInDoubt);
  await write("b");
  expect(log.flushes).toHaveLength(1);
  const copy = join(folder, "without-log.sqlite");
  await copyFile(file, copy);
  expect(names(copy)).toEqual(["a", "b"]);
  const next = write("c");
  await expect.poll(() => log.flushes.length).toBe(2);
  log.flushes[1]?.resolve();
  await next;
  await db.destroy();
});

test("what a flush that failed may have lost is told to no reader before it is in the database itself", async () => {
  const file = join(folder, "evidence.sqlite");
  const log = heldLog();
  const db = openSqliteMetadata(file, log);
  const lost = db.insertInto("setting").values({ name: "a", value: "" }).execute();
  await expect.poll(() => log.flushes.length).toBe(1);
  log.flushes[0]?.reject(new Error("EIO"));
  await expect(lost).rejects.toThrow(CommitInDoubt);
  // Somebody reads the log: what is in it cannot be brought into the database.
  const other = new SqliteDatabase(file, { readonly: true });
  other.exec("BEGIN; SELECT * FROM setting");
  await expect(onStableStorage(db)).rejects.toThrow(CommitInDoubt);
  other.close();
  await onStableStorage(db);
  const copy = join(folder, "without-log.sqlite");
  await copyFile(file, copy);
  expect(names(copy)).toEqual(["a"]);
  await db.destroy();
});
