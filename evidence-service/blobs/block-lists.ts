/**
 * The lists of blocks that blobs are made of, as rows. The longest list has fifty thousand: it is written, and taken
 * away, in pieces between which everybody else's rows have their time; what makes it a blob's content is one row.
 */
import { sql } from "kysely";
import { BlobError } from "./blob-error.ts";
import { pauseForOthers } from "./long-list-queue.ts";
import { jsonRows } from "../storage/json-rows.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import { withoutFlush } from "../storage/sqlite-metadata.ts";
import type { BlockListRow } from "../storage/metadata-rows.ts";

/** Rows of one statement: about a millisecond. */
export const PIECE_ROWS = 500;

type Reader = Metadata | MetadataTransaction;

export interface StoredBlock {
  readonly blockId: string;
  readonly fileName: string;
  readonly lengthBytes: number;
}

/** The list of a blob in this state, where there is one. */
export async function listOf(
  db: Reader,
  blobName: string,
  state: "Committed" | "Staged",
): Promise<BlockListRow | undefined> {
  return db
    .selectFrom("blockList")
    .selectAll()
    .where("blobName", "=", blobName)
    .where("state", "=", state)
    .executeTakeFirst();
}

/** Every block of a list, in its order; staged ones by their ids. */
export async function blocksIn(db: Metadata, list: BlockListRow | undefined): Promise<StoredBlock[]> {
  if (list === undefined) return [];
  const isStaged = list.state === "Staged";
  const blocks: StoredBlock[] = [];
  for (let after: string | number | null = null; ;) {
    const beganMs = performance.now();
    const query = isStaged ? stagedAfter(db, list.list, after) : committedAfter(db, list.list, after);
    const rows: (StoredBlock & { readonly startByte?: number })[] = await query.execute();
    for (const { blockId, fileName, lengthBytes } of rows) blocks.push({ blockId, fileName, lengthBytes });
    const last = rows.at(-1);
    if (last === undefined || rows.length < PIECE_ROWS) return blocks;
    after = isStaged ? last.blockId : (last.startByte ?? 0);
    await pauseForOthers(beganMs);
  }
}

function stagedAfter(db: Metadata, list: number, after: string | number | null) {
  const rows = db.selectFrom("stagedBlock").select(["blockId", "fileName", "lengthBytes"]);
  const ofList = rows.where("list", "=", list).orderBy("blockId").limit(PIECE_ROWS);
  return after === null ? ofList : ofList.where("blockId", ">", String(after));
}

function committedAfter(db: Metadata, list: number, after: string | number | null) {
  const rows = db.selectFrom("committedBlock").select(["blockId", "fileName", "lengthBytes", "startByte"]);
  const ofList = rows.where("list", "=", list).orderBy("startByte").limit(PIECE_ROWS);
  return after === null ? ofList : ofList.where("startByte", ">", Number(after));
}

/** A list of the blob in this state, without a block. */
export async function makeList(
  db: Reader,
  blobName: string,
  state: BlockListRow["state"],
): Promise<BlockListRow> {
  return db
    .insertInto("blockList")
    .values({ blobName, state, blocks: 0, lengthBytes: 0 })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Puts a block into a staged list, in the place of the one with its id. @returns the file of that one */
export async function putStaged(
  transaction: MetadataTransaction,
  { list, blocks, lengthBytes }: BlockListRow,
  block: StoredBlock,
): Promise<string | null> {
  const old = await transaction
    .selectFrom("stagedBlock")
    .select(["fileName", "lengthBytes"])
    .where("list", "=", list)
    .where("blockId", "=", block.blockId)
    .executeTakeFirst();
  await transaction
    .insertInto("stagedBlock")
    .values({ list, ...block })
    .onConflict((conflict) => conflict.columns(["list", "blockId"]).doUpdateSet(block))
    .execute();
  await transaction
    .updateTable("blockList")
    .set({
      blocks: old === undefined ? blocks + 1 : blocks,
      lengthBytes: lengthBytes - (old?.lengthBytes ?? 0) + block.lengthBytes,
    })
    .where("list", "=", list)
    .execute();
  return old?.fileName ?? null;
}

/** @param place the list, and where in its content the first block begins @returns the byte after the last */
async function insertBlocks(
  db: Reader,
  { list, startByte }: { readonly list: number; readonly startByte: number },
  blocks: readonly StoredBlock[],
): Promise<number> {
  let atByte = startByte;
  const rows = blocks.map(({ blockId, fileName, lengthBytes }) => {
    const row = [atByte, blockId, fileName, lengthBytes] as const;
    atByte += lengthBytes;
    return row;
  });
  // Values of a statement each cost more than the rows.
  await db
    .insertInto("committedBlock")
    .columns(["list", "startByte", "blockId", "fileName", "lengthBytes"])
    .expression(
      db
        .selectFrom(jsonRows(db, rows).as("given"))
        .select([
          sql<number>`cast(${list} as bigint)`.as("list"),
          sql<number>`cast(value ->> 0 as bigint)`.as("startByte"),
          sql<string>`value ->> 1`.as("blockId"),
          sql<string>`value ->> 2`.as("fileName"),
          sql<number>`cast(value ->> 3 as bigint)`.as("lengthBytes"),
        ]),
    )
    .execute();
  return atByte;
}

/** A list whose blocks are there, and that is nobody's content yet. */
export async function writeUnused(
  db: Metadata,
  blobName: string,
  blocks: readonly StoredBlock[],
): Promise<BlockListRow> {
  const made = await makeList(db, blobName, "Unused");
  let lengthBytes = 0;
  for (let at = 0; at < blocks.length; at += PIECE_ROWS) {
    const beganMs = performance.now();
    const some = blocks.slice(at, at + PIECE_ROWS);
    const place = { list: made.list, startByte: lengthBytes };
    lengthBytes = await withoutFlush(db, (connection) => insertBlocks(connection, place, some));
    await pauseForOthers(beganMs);
  }
  return { ...made, blocks: blocks.length, lengthBytes };
}

/** @returns a list of few blocks, written within the transaction */
export async function writeShort(
  transaction: MetadataTransaction,
  blobName: string,
  blocks: readonly StoredBlock[],
): Promise<BlockListRow> {
  const made = await makeList(transaction, blobName, "Unused");
  const lengthBytes = await insertBlocks(transaction, { list: made.list, startByte: 0 }, blocks);
  return { ...made, blocks: blocks.length, lengthBytes };
}

/** Makes a list the content of its blob. What was its content, and what was staged, is left. */
export async function commitList(transaction: MetadataTransaction, list: BlockListRow): Promise<void> {
  await leaveLists(transaction, list.blobName);
  const made = await transaction
    .updateTable("blockList")
    .set({ state: "Committed", blocks: list.blocks, lengthBytes: list.lengthBytes })
    .where("list", "=", list.list)
    .returning("list")
    .execute();
  // Nothing is acknowledged of a list that is not there any more.
  if (made.length === 0) throw new BlobError("ServerBusy", "The list was taken away; try again.");
}

/** The blob has neither content nor staged blocks any more. Short lists go at once, long ones are taken away later. */
export async function leaveLists(transaction: MetadataTransaction, blobName: string): Promise<void> {
  const left = await transaction
    .updateTable("blockList")
    .set({ state: "Unused" })
    .where("blobName", "=", blobName)
    .where("state", "!=", "Unused")
    .returningAll()
    .execute();
  for (const { list, blocks } of left.filter((one) => one.blocks <= PIECE_ROWS)) {
    if (blocks > 0) await deleteSome(transaction, list);
    await transaction.deleteFrom("blockList").where("list", "=", list).execute();
  }
}

/** Blobs that have lists which are being written, or were left. */
export async function blobsWithUnused(db: Metadata): Promise<string[]> {
  const rows = await db
    .selectFrom("blockList")
    .select("blobName")
    .distinct()
    .where(sql<boolean>`state = 'Unused'`)
    .execute();
  return rows.map(({ blobName }) => blobName);
}

/** Takes away the unused lists of a blob, piece by piece: whoever is alone with it, as one may be another's that is being written. */
export async function clearUnused(db: Metadata, blobName: string): Promise<void> {
  const lists = await db
    .selectFrom("blockList")
    .select("list")
    .where(sql<boolean>`state = 'Unused'`)
    .where("blobName", "=", blobName)
    .execute();
  for (const { list } of lists) {
    for (let deleted = PIECE_ROWS; deleted >= PIECE_ROWS;) {
      const beganMs = performance.now();
      deleted = await withoutFlush(db, (connection) => deleteSome(connection, list));
      if (deleted > 0) await pauseForOthers(beganMs);
    }
    await db.deleteFrom("blockList").where("list", "=", list).execute();
  }
}

/** @returns how many at most were there */
async function deleteSome(db: Reader, list: number): Promise<number> {
  const committed = db.selectFrom("committedBlock").where("list", "=", list);
  const byStart = committed.select("startByte").orderBy("startByte").limit(PIECE_ROWS).as("first");
  const lastStart = db.selectFrom(byStart).select(({ fn }) => fn.max<number>("first.startByte").as("last"));
  const staged = db.selectFrom("stagedBlock").where("list", "=", list);
  const byId = staged.select("blockId").orderBy("blockId").limit(PIECE_ROWS).as("first");
  const lastId = db.selectFrom(byId).select(({ fn }) => fn.max<string>("first.blockId").as("last"));
  const deleted = [
    await db
      .deleteFrom("committedBlock")
      .where("list", "=", list)
      .where("startByte", "<=", lastStart)
      .executeTakeFirst(),
    await db
      .deleteFrom("stagedBlock")
      .where("list", "=", list)
      .where("blockId", "<=", lastId)
      .executeTakeFirst(),
  ];
  return deleted.reduce((sum, { numDeletedRows }) => sum + Number(numDeletedRows), 0);
}
