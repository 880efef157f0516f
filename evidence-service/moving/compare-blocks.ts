/** Whether both places know the same lists of the same blocks, wherever each of them lies. */
import { commonShape, compareTable, type TableDigest } from "./carry-rows.ts";
import { tablesOf } from "./carried-tables.ts";
import type { MoveEnd } from "./move-ends.ts";
import type { MoveJournal } from "./move-journal.ts";
import { ContentHash, type Row } from "./table-rows.ts";

const PAGE = 500;

const withoutPlace = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([column]) => column !== "fileName"));

/** What is left of lists that nobody uses any more is not carried, and blocks that are sent again are not expected. */
class Expected {
  readonly #journal: MoveJournal;
  #latest = { list: -1, isCarried: false };

  constructor(journal: MoveJournal) {
    this.#journal = journal;
  }

  readonly blockList = (row: Row): Row | null => {
    if (row["state"] === "Unused") return null;
    if (row["state"] !== "Staged") return row;
    const dropped = this.#journal.stagedIn(Number(row["list"])).filter(({ sha256 }) => sha256 === null);
    const droppedBytes = dropped.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0);
    return {
      ...row,
      blocks: Number(row["blocks"]) - dropped.length,
      lengthBytes: Number(row["lengthBytes"]) - droppedBytes,
    };
  };

  readonly committedBlock = (row: Row): Row | null => {
    const list = Number(row["list"]);
    if (list !== this.#latest.list) this.#latest = { list, isCarried: this.#journal.isCompared(list) };
    return this.#latest.isCarried ? withoutPlace(row) : null;
  };

  readonly stagedBlock = (row: Row): Row | null => {
    const known = this.#journal.stagedBlock(Number(row["list"]), String(row["blockId"]));
    return known === undefined || known.sha256 === null ? null : withoutPlace(row);
  };
}

/** @throws StartRefusal MOVE_DIFFERS */
export async function compareBlocks(
  from: MoveEnd,
  to: MoveEnd,
  journal: MoveJournal,
): Promise<TableDigest[]> {
  const expected = new Expected(journal);
  const digests: TableDigest[] = [];
  for (const table of tablesOf("blocks")) {
    if (table !== "blockList" && table !== "committedBlock" && table !== "stagedBlock") {
      throw new Error(`Nobody compares ${table}.`);
    }
    const shape = await commonShape(from, to, table);
    const projections = { ours: expected[table], theirs: withoutPlace };
    digests.push(await compareTable(from, to, shape, projections));
  }
  return digests;
}

/** One hash of all bytes that were brought and read back: of the hashes of all lists, in the order of their numbers. */
export function hashOfBytes(journal: MoveJournal): string {
  const all = new ContentHash();
  for (let after = -1; ;) {
    const page = journal.listsAfter(after, PAGE);
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.list;
    for (const { list, sha256 } of page) all.add(`${list} ${sha256}`);
  }
  for (const list of journal.stagedLists()) {
    for (const { blockId, sha256 } of journal.stagedIn(list)) {
      if (sha256 !== null) all.add(`${list} ${blockId} ${sha256}`);
    }
  }
  return all.digest();
}
