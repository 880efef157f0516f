import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PIECE_ROWS } from "./block-lists.ts";
import { readWhole } from "../storage/blob-store.ts";
import { FileBlobStore } from "./file-blob-store.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { openSqliteMetadata } from "../storage/sqlite-metadata.ts";
import { BlobError } from "./blob-error.ts";
import type { BlobAttributes, BlockListEntry } from "./blob-write.ts";
import { changeAttributes, commitBlockList, listBlocks, putBlob, stageBlock } from "./block-blob.ts";

/** So many pieces that much can happen between two of them. */
const ENTRIES = 8 * PIECE_ROWS;
const BLOB = "blob";
const ANYTHING: BlobAttributes = {
  ...{ contentType: "text/plain", contentMd5: null, metadata: {} },
  check: () => undefined,
};

let folder: string;
let db: Metadata;
let store: FileBlobStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "long-lists-"));
  db = openSqliteMetadata(":memory:");
  const room = { taking: <T>(_lengthBytes: number, write: () => Promise<T>) => write() };
  const address = { container: "container", sasSecrets: () => [Buffer.alloc(32, 1)], url: () => "" };
  store = new FileBlobStore({ db, folder, room, ...address });
});
afterEach(async () => {
  await db.destroy();
  await rm(folder, { recursive: true });
});

const idOf = (text: string): string => Buffer.from(text).toString("base64");
const bytesOf = (text: string) => ({
  body: (async function* () {
    yield Buffer.from(text);
  })(),
  lengthBytes: text.length,
  contentMd5: null,
  client: "one",
});
const put = (text: string) => stageBlock({ store, blobName: BLOB }, idOf(text.slice(0, 1)), bytesOf(text));
const listed = (...texts: string[]): BlockListEntry[] =>
  texts.map((text) => ({ list: "Latest", blockId: idOf(text) }));
const long = (text: string): BlockListEntry[] =>
  Array.from({ length: ENTRIES }, () => ({ list: "Latest", blockId: idOf(text) }));
const commit = (entries: readonly BlockListEntry[], attributes = ANYTHING) =>
  commitBlockList({ store, blobName: BLOB }, entries, { attributes, nowUtcMs: 0 });

async function content(): Promise<string> {
  const { lengthBytes } = (await store.properties(BLOB)) ?? { lengthBytes: 0 };
  return (await readWhole(store, BLOB, 0, lengthBytes)).toString();
}

/** When a list that is not the blob's content yet has blocks. */
async function halfWritten(): Promise<void> {
  for (;;) {
    const { rows } = await db
      .selectFrom("committedBlock")
      .innerJoin("blockList", "blockList.list", "committedBlock.list")
      .where("state", "=", "Unused")
      .select((e) => e.fn.countAll<number>().as("rows"))
      .executeTakeFirstOrThrow();
    if (Number(rows) > 0) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Nothing is there but the blob's own lists and the files that they name. */
async function expectNothingLeft(): Promise<void> {
  const lists = await db.selectFrom("blockList").selectAll().execute();
  expect(lists.filter(({ state }) => state === "Unused")).toEqual([]);
  for (const table of ["committedBlock", "stagedBlock"] as const) {
    const rows = await db.selectFrom(table).select(["list", "fileName"]).execute();
    expect(rows.every(({ list }) => lists.some((known) => known.list === list))).toBe(true);
  }
  const named = [
    ...(await db.selectFrom("committedBlock").select("fileName").distinct().execute()),
    ...(await db.selectFrom("stagedBlock").select("fileName").execute()),
  ].map(({ fileName }) => fileName);
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const stored = files.filter((file) => file.isFile()).map(({ name }) => name);
  expect(stored.toSorted()).toEqual([...new Set(named)].toSorted());
}

test("whoever reads while a long list is committed has what was before or what is after", async () => {
  await put("old");
  await commit(listed("o"));
  await put("new");
  let isOver = false;
  const committing = commit(long("n")).finally(() => (isOver = true));
  await halfWritten();
  const seen = new Set<string>();
  while (!isOver) {
    const { lengthBytes } = (await store.properties(BLOB)) ?? { lengthBytes: 0 };
    const { total, lists } = await db
      .selectFrom("blockList")
      .where("state", "=", "Committed")
      .select((e) => [e.fn.sum<number>("lengthBytes").as("total"), e.fn.countAll<number>().as("lists")])
      .executeTakeFirstOrThrow();
    seen.add(`${lengthBytes} ${total} ${lists}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await committing;
  expect(seen).toContain("3 3 1");
  for (const state of seen) {
    // Two questions may stand on both sides of the change; each answer is of one state.
    expect(["3 3 1", `3 ${3 * ENTRIES} 1`, `${3 * ENTRIES} ${3 * ENTRIES} 1`]).toContain(state);
  }
  expect(await content()).toBe("new".repeat(ENTRIES));
  await expectNothingLeft();
});

test("a condition that fails while a long list is written leaves what was, and nothing of the list", async () => {
  await put("old");
  const { etag } = await commit(listed("o"));
  await put("new");
  const check: BlobAttributes["check"] = (row) => {
    if (row?.etag !== etag) throw new BlobError("ConditionNotMet", "Another one.");
  };
  const committing = commit(long("n"), { ...ANYTHING, check });
  await halfWritten();
  const change = { change: { contentType: "text/html" }, check: () => undefined, nowUtcMs: 0 };
  await changeAttributes({ store, blobName: BLOB }, change);
  await expect(committing).rejects.toMatchObject({ code: "ConditionNotMet" });
  expect(await content()).toBe("old");
  expect((await listBlocks(store, BLOB)).staged).toHaveLength(1);
  await expectNothingLeft();
});

test("a blob that is sealed or purged while a long list is written stays as it was", async () => {
  await put("old");
  await commit(listed("o"));
  await put("new");
  const whileSealed = commit(long("n"));
  await halfWritten();
  await store.seal(BLOB);
  await expect(whileSealed).rejects.toMatchObject({ code: "BlobImmutableDueToPolicy" });
  expect(await content()).toBe("old");
  await db.updateTable("blob").set({ sealed: 0 }).execute();
  const whilePurged = commit(long("n"));
  await halfWritten();
  await db.insertInto("purgedBlob").values({ blobName: BLOB, leftMs: 1_000 }).execute();
  const removing = store.remove(BLOB);
  await expect(whilePurged).rejects.toMatchObject({ code: "ResourceNotFound" });
  await removing;
  for (const table of ["blob", "blockList", "committedBlock", "stagedBlock"] as const) {
    expect(await db.selectFrom(table).selectAll().execute()).toEqual([]);
  }
  expect(await readdir(folder)).toEqual([]);
});

test("a long list that names a block that is not there leaves nothing", async () => {
  await put("old");
  await commit(listed("o"));
  await put("new");
  const missing = commit([...long("n"), ...listed("x")]);
  await expect(missing).rejects.toMatchObject({ code: "InvalidBlockList" });
  expect(await content()).toBe("old");
  expect((await listBlocks(store, BLOB)).staged).toHaveLength(1);
  await expectNothingLeft();
});

test("of two long lists at once each is the content as a whole, one after the other", async () => {
  await put("a");
  await put("b!");
  const committed: BlockListEntry[] = long("b").map((entry) => ({ ...entry, list: "Uncommitted" }));
  const ends = await Promise.allSettled([commit(long("a")), commit(committed)]);
  // The first one takes away what the second one names.
  expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  expect(await content()).toBe("a".repeat(ENTRIES));
  await put("b!");
  const more = [commit(long("a")), commit(listed("a", "a")), commit(long("a").slice(1))];
  await Promise.all(more);
  expect(await content()).toBe("a".repeat(ENTRIES - 1));
  await expectNothingLeft();
});

test("a block that comes while a long list is written is kept for the next one; others' rows do not wait", async () => {
  await put("a");
  let isOver = false;
  const committing = commit(long("a")).finally(() => (isOver = true));
  await halfWritten();
  const own = put("b!");
  await db.insertInto("setting").values({ name: "of others", value: "" }).execute();
  expect(isOver).toBe(false);
  await Promise.all([committing, own]);
  expect((await listBlocks(store, BLOB)).staged).toMatchObject([{ blockId: idOf("b"), lengthBytes: 2 }]);
  expect(await content()).toBe("a".repeat(ENTRIES));
  // Short and in one piece, instead of a long list: that goes as well.
  await putBlob({ store, blobName: BLOB }, bytesOf("whole"), { attributes: ANYTHING, nowUtcMs: 0 });
  expect(await content()).toBe("whole");
  expect(await store.receivedBytes(BLOB)).toBe(5);
  await expectNothingLeft();
});

test("a disk that becomes full while a long list is written leaves what was, and the next list goes on", async () => {
  await put("old");
  await commit(listed("o"));
  await put("new");
  const pages = await sql<{ page_count: number }>`PRAGMA page_count`.execute(db);
  const limit = async (count: number) => sql.raw(`PRAGMA max_page_count = ${count}`).execute(db);
  await limit((pages.rows[0]?.page_count ?? 0) + 8);
  await expect(commit(long("n"))).rejects.toMatchObject({ code: "SQLITE_FULL" });
  expect(await content()).toBe("old");
  await limit(1_000_000);
  await commit(long("n"));
  expect(await content()).toBe("new".repeat(ENTRIES));
  await expectNothingLeft();
});

test("a list of staged blocks longer than a piece is read whole, by their ids, and committed in its own order", async () => {
  const texts = Array.from({ length: PIECE_ROWS + 1 }, (_, index) => String(index).padStart(4, "0"));
  await Promise.all(texts.map((text) => stageBlock({ store, blobName: BLOB }, idOf(text), bytesOf(text))));
  const { staged } = await listBlocks(store, BLOB);
  expect(staged.map(({ blockId }) => blockId)).toEqual(texts.map(idOf).toSorted());
  await commit(listed(...texts.toReversed()));
  const { committed, staged: left } = await listBlocks(store, BLOB);
  expect([committed.length, left.length]).toEqual([texts.length, 0]);
  expect(await content()).toBe(texts.toReversed().join(""));
  await expectNothingLeft();
});
