/** The rows of lists of blocks, as a move writes and forgets them in the new place, under the numbers of the old one. */
import { PIECE_ROWS, type StoredBlock } from "../blobs/block-lists.ts";
import type { BlockPlace } from "../blobs/block-place.ts";
import type { BlockListRow } from "../storage/metadata-rows.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";

/** A page of lists in a state, by their numbers. */
export async function* listsIn(db: Metadata, state: BlockListRow["state"]): AsyncGenerator<BlockListRow> {
  for (let after = -1; ;) {
    const rows = await db
      .selectFrom("blockList")
      .selectAll()
      .where("state", "=", state)
      .where("list", ">", after)
      .orderBy("list")
      .limit(PIECE_ROWS)
      .execute();
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.list;
  }
}

/** Which of these lists are the content of their blobs. */
export async function committedAmong(db: Metadata, lists: readonly number[]): Promise<Map<number, string>> {
  const rows = await db
    .selectFrom("blockList")
    .select(["list", "blobName"])
    .where("list", "in", lists)
    .where("state", "=", "Committed")
    .execute();
  return new Map(rows.map(({ list, blobName }) => [list, blobName]));
}

/** Writes a committed list. One that a move left half written is replaced. */
export async function writeCommitted(
  db: Metadata,
  row: BlockListRow,
  blocks: readonly StoredBlock[],
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await deleteList(transaction, row.list);
    await transaction.insertInto("blockList").values(row).execute();
    let startByte = 0;
    for (let at = 0; at < blocks.length; at += PIECE_ROWS) {
      const rows = blocks.slice(at, at + PIECE_ROWS).map((block) => {
        const placed = { list: row.list, startByte, ...block };
        startByte += block.lengthBytes;
        return placed;
      });
      await transaction.insertInto("committedBlock").values(rows).execute();
    }
  });
}

/** Writes a block that waits to be committed, in the place of the one with its id. */
export async function writeStaged(db: Metadata, list: number, block: StoredBlock): Promise<void> {
  await db
    .insertInto("stagedBlock")
    .values({ list, ...block })
    .onConflict((conflict) => conflict.columns(["list", "blockId"]).doUpdateSet(block))
    .execute();
}

/** What is said of a list of blocks that wait. */
export async function describeStaged(db: Metadata, row: BlockListRow): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction.deleteFrom("blockList").where("list", "=", row.list).execute();
    await transaction.insertInto("blockList").values(row).execute();
  });
}

/** A block that does not wait any more, and its bytes. */
export async function forgetStaged(
  { db, place }: { readonly db: Metadata; readonly place: BlockPlace },
  blobName: string,
  { list, blockId }: { readonly list: number; readonly blockId: string },
): Promise<void> {
  const gone = await db
    .deleteFrom("stagedBlock")
    .where("list", "=", list)
    .where("blockId", "=", blockId)
    .returning("fileName")
    .executeTakeFirst();
  if (gone !== undefined) await place.left(blobName, new Set([gone.fileName]), new Set());
}

/** @returns the numbers of its lists, whose rows are gone */
export async function forgetRows(db: Metadata, blobName: string): Promise<number[]> {
  return db.transaction().execute(async (transaction) => {
    const rows = await transaction
      .selectFrom("blockList")
      .select("list")
      .where("blobName", "=", blobName)
      .execute();
    for (const { list } of rows) await deleteList(transaction, list);
    return rows.map(({ list }) => list);
  });
}

async function deleteList(transaction: MetadataTransaction, list: number): Promise<void> {
  for (const table of ["committedBlock", "stagedBlock", "blockList"] as const) {
    await transaction.deleteFrom(table).where("list", "=", list).execute();
  }
}

/** How many files are committed, and how long they are together. */
export async function sumOfCommitted(db: Metadata): Promise<{ lists: number; lengthBytes: number }> {
  const row = await db
    .selectFrom("blockList")
    .select((e) => [e.fn.countAll<number>().as("lists"), e.fn.sum<number | null>("lengthBytes").as("bytes")])
    .where("state", "=", "Committed")
    .executeTakeFirst();
  return { lists: Number(row?.lists ?? 0), lengthBytes: Number(row?.bytes ?? 0) };
}
