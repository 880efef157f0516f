/** Rows of any table, page by page in the order of their key, and what they hold as a text that is the same on both engines. */
import { createHash } from "node:crypto";
import { sql } from "kysely";
import { sortedJson } from "../audit/audit-chain.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { StartRefusal } from "../site/start-refusal.ts";
import type { TableShape } from "./carried-tables.ts";

export type Row = Readonly<Record<string, unknown>>;

export const PAGE_ROWS = 500;

/** Rows of the whole table, a page at a time. */
export async function* pagesOf(db: Metadata, shape: TableShape): AsyncGenerator<Row[]> {
  const columns = sql.join(shape.columns.map((column) => sql.ref(column)));
  const key = sql.join(shape.key.map((column) => sql.ref(column)));
  let after: readonly unknown[] | null = null;
  for (;;) {
    const beyond = after === null ? sql`` : sql`WHERE (${key}) > (${sql.join([...after])})`;
    const { rows }: { rows: Row[] } = await sql<Row>`
      SELECT ${columns} FROM ${sql.table(shape.table)} ${beyond} ORDER BY ${key} LIMIT ${PAGE_ROWS}`.execute(
      db,
    );
    const last = rows.at(-1);
    if (last !== undefined) yield rows;
    if (last === undefined || rows.length < PAGE_ROWS) return;
    after = keyOf(shape, last);
  }
}

export const keyOf = ({ key }: Pick<TableShape, "key">, row: Row): unknown[] =>
  key.map((column) => row[column]);

/** In the order in which both databases give rows: numbers by their size, texts by their bytes. */
export function compareKeys(a: readonly unknown[], b: readonly unknown[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    const difference =
      typeof left === "number" && typeof right === "number"
        ? left - right
        : Buffer.compare(Buffer.from(String(left)), Buffer.from(String(right)));
    if (difference !== 0) return difference;
  }
  return 0;
}

/** @throws StartRefusal MOVE_ROW_REFUSED for a value that JSON would tell as another one */
export function contentOf(shape: TableShape, row: Row): string {
  for (const [column, value] of Object.entries(row)) {
    const isExact =
      value === null ||
      typeof value === "string" ||
      (typeof value === "number" &&
        Number.isFinite(value) &&
        (!Number.isInteger(value) || Number.isSafeInteger(value)));
    if (!isExact) throw rowRefused(shape, row, `what it has in “${column}” is no text or number`);
  }
  return sortedJson(row);
}

export function rowRefused(shape: TableShape, row: Row, reason: string): StartRefusal {
  const name = keyOf(shape, row).map(String).join(", ");
  return new StartRefusal(
    "MOVE_ROW_REFUSED",
    `A row of the table ${shape.table} (${name}) cannot be carried: ${reason}.`,
  );
}

/** A row that both sides should have alike; null where a side has none of this key. */
export interface RowPair {
  readonly ours: Row | null;
  readonly theirs: Row | null;
}

/** Two tables side by side, by their keys. */
export async function* pairs(
  shape: TableShape,
  ours: AsyncIterable<Row>,
  theirs: AsyncIterable<Row>,
): AsyncGenerator<RowPair> {
  const [left, right] = [ours[Symbol.asyncIterator](), theirs[Symbol.asyncIterator]()];
  let [a, b] = [await left.next(), await right.next()];
  while (a.done !== true || b.done !== true) {
    const order =
      a.done === true ? 1 : b.done === true ? -1 : compareKeys(keyOf(shape, a.value), keyOf(shape, b.value));
    yield { ours: order <= 0 ? (a.value as Row) : null, theirs: order >= 0 ? (b.value as Row) : null };
    if (order <= 0) a = await left.next();
    if (order >= 0) b = await right.next();
  }
}

/** @param project what is compared of a row; null for a row that is not */
export async function* rowsOf(
  db: Metadata,
  shape: TableShape,
  project: (row: Row) => Row | null,
): AsyncGenerator<Row> {
  for await (const page of pagesOf(db, shape)) {
    for (const row of page) {
      const projected = project(row);
      if (projected !== null) yield projected;
    }
  }
}

/** Takes one text after the other. */
export class ContentHash {
  readonly #hash = createHash("sha256");
  count = 0;

  add(content: string): void {
    this.#hash.update(content).update("\n");
    this.count += 1;
  }

  digest(): string {
    return this.#hash.digest("hex");
  }
}
