/** Rows from the old place to the new one. What is there already, and the same, is not written again. */
import { sql } from "kysely";
import type { Metadata } from "../storage/metadata-tables.ts";
import { ID_SETTING } from "../site/metadata-of-folder.ts";
import { MOVE_SETTING } from "../site/move-mark.ts";
import { PLACE_SETTING } from "../blobs/place/blob-place.ts";
import { LAST_BACKUP_SETTING } from "../storage/last-backup.ts";
import { MARKED_SETTING } from "../blobs/place/folder-owner.ts";
import { OWNER_SETTING } from "../blobs/store-owner.ts";
import { StartRefusal } from "../site/start-refusal.ts";
import { codeOf } from "../storage/postgres/postgres-errors.ts";
import { type Engine, shapeOf, type TableName, type TableShape, TABLES, tablesOf } from "./carried-tables.ts";
import type { MoveEnd } from "./move-ends.ts";
import {
  contentOf,
  ContentHash,
  keyOf,
  PAGE_ROWS,
  pairs,
  type Row,
  rowRefused,
  rowsOf,
} from "./table-rows.ts";

/** What a place says of itself. */
const OF_THE_PLACE: ReadonlySet<unknown> = new Set([
  ...[MOVE_SETTING, ID_SETTING, PLACE_SETTING, MARKED_SETTING, OWNER_SETTING],
  // Of the old place, which nobody takes backups of any more.
  LAST_BACKUP_SETTING,
]);

/** What of a row has to be the same at both ends; null for a row that one end has for itself. */
export type Projection = (row: Row) => Row | null;

export const projectionOf = (table: TableName): Projection =>
  table === "setting" ? (row) => (OF_THE_PLACE.has(row["name"]) ? null : row) : (row) => row;

/** @throws Error where both have not the same columns: the program is to blame */
export async function commonShape(from: MoveEnd, to: MoveEnd, table: TableName): Promise<TableShape> {
  const [ours, theirs] = [await shapeOf(from.db, from.engine, table), await shapeOf(to.db, to.engine, table)];
  if (String(ours.columns) !== String(theirs.columns) || String(ours.key) !== String(theirs.key)) {
    throw new Error(`The table ${table} is not the same in both places.`);
  }
  return theirs;
}

/** Every row of every table that is carried as it is. @param report told of each table */
export async function carryRows(from: MoveEnd, to: MoveEnd, report: (line: string) => void): Promise<void> {
  const shapes: TableShape[] = [];
  for (const table of tablesOf("rows")) shapes.push(await commonShape(from, to, table));
  // What a move that was cut off brought, and the old service has changed since, would stand in the way of itself.
  for (const shape of shapes) {
    if (await isOutdated(from, to, shape)) {
      await clear(to, shapes);
      break;
    }
  }
  for (const shape of shapes) {
    const written = await addMissing(from, to, shape);
    if (written > 0) report(`${shape.table}: ${written} rows`);
  }
  await carryNumbers(from, to);
}

async function isOutdated(from: MoveEnd, to: MoveEnd, shape: TableShape): Promise<boolean> {
  const project = projectionOf(shape.table);
  const [first] = await firstRows(to.db, shape, project);
  if (first === undefined) return false;
  const both = pairs(shape, rowsOf(from.db, shape, project), rowsOf(to.db, shape, project));
  for await (const { ours, theirs } of both) {
    if (theirs === null) continue;
    if (ours === null || contentOf(shape, ours) !== contentOf(shape, theirs)) return true;
  }
  return false;
}

async function firstRows(db: Metadata, shape: TableShape, project: Projection): Promise<Row[]> {
  for await (const row of rowsOf(db, shape, project)) return [row];
  return [];
}

async function clear({ db, engine }: MoveEnd, shapes: readonly TableShape[]): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const own = [...OF_THE_PLACE];
    await sql`DELETE FROM setting WHERE name NOT IN (${sql.join(own)})`.execute(transaction);
    const others = shapes.map(({ table }) => table).filter((table) => table !== "setting");
    if (engine === "postgres") {
      await sql`TRUNCATE ${sql.join(others.map((table) => sql.table(table)))}`.execute(transaction);
      return;
    }
    for (const table of others.toReversed()) await sql`DELETE FROM ${sql.table(table)}`.execute(transaction);
  });
}

async function addMissing(from: MoveEnd, to: MoveEnd, shape: TableShape): Promise<number> {
  const project = projectionOf(shape.table);
  let written = 0;
  let missing: Row[] = [];
  const add = async (): Promise<void> => {
    if (missing.length > 0) await insertRows(to.db, shape, missing);
    written += missing.length;
    missing = [];
  };
  const both = pairs(shape, rowsOf(from.db, shape, project), rowsOf(to.db, shape, project));
  for await (const { ours, theirs } of both) {
    if (ours === null || theirs !== null) continue;
    contentOf(shape, ours); // Nothing is written that could not be compared.
    missing.push(ours);
    if (missing.length >= PAGE_ROWS) await add();
  }
  await add();
  return written;
}

/** @throws StartRefusal MOVE_ROW_REFUSED, naming the row that the database does not take */
export async function insertRows(db: Metadata, shape: TableShape, rows: readonly Row[]): Promise<void> {
  try {
    await db.transaction().execute((transaction) => insert(transaction, shape, rows));
  } catch (error) {
    if (!isOfTheRow(error)) throw error;
    for (const row of rows) {
      await db
        .transaction()
        .execute((transaction) => insert(transaction, shape, [row]))
        .catch((reason: unknown) => {
          throw rowRefused(shape, row, reason instanceof Error ? reason.message : String(reason));
        });
    }
  }
}

/** SQLSTATE classes of what is wrong with a value, or breaks a rule of the table, or is too long for an index. */
const OF_A_ROW = ["22", "23", "54"];
const isOfTheRow = (error: unknown): boolean => {
  const code = codeOf(error) ?? "";
  return OF_A_ROW.some((start) => code.startsWith(start)) || code.startsWith("SQLITE_CONSTRAINT");
};

async function insert(db: Metadata, { table, columns }: TableShape, rows: readonly Row[]): Promise<void> {
  const values = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`);
  const names = sql.join(columns.map((column) => sql.ref(column)));
  await sql`INSERT INTO ${sql.table(table)} (${names}) VALUES ${sql.join(values)}`.execute(db);
}

/** The next row gets the number that it would have got in the old place: none is ever given twice. */
async function carryNumbers(from: MoveEnd, to: MoveEnd): Promise<void> {
  for (const table of TABLES) {
    if (tablesOf("jobs").includes(table)) continue;
    const [ours, theirs] = [
      await shapeOf(from.db, from.engine, table),
      await shapeOf(to.db, to.engine, table),
    ];
    if (theirs.numbered === null) continue;
    const last = ours.numbered === null ? 0 : await lastNumber(from.db, from.engine, ours);
    await keepNumber(to.db, to.engine, theirs, last);
  }
}

async function lastNumber(db: Metadata, engine: Engine, { table, numbered }: TableShape): Promise<number> {
  if (engine === "sqlite") {
    const { rows } = await sql<{
      seq: number;
    }>`SELECT seq FROM sqlite_sequence WHERE name = ${table}`.execute(db);
    return rows[0]?.seq ?? 0;
  }
  const { rows: named } = await sql<{ name: string }>`
    SELECT pg_get_serial_sequence(quote_ident(${table}), ${numbered}) AS name`.execute(db);
  const name = sql.raw(named[0]?.name ?? "");
  const { rows } = await sql<{ last: number; isGiven: boolean }>`
    SELECT last_value AS last, is_called AS "isGiven" FROM ${name}`.execute(db);
  const [found] = rows;
  return found === undefined || !found.isGiven ? 0 : Number(found.last);
}

async function keepNumber(
  db: Metadata,
  engine: Engine,
  { table, numbered }: TableShape,
  last: number,
): Promise<void> {
  if (engine === "postgres") {
    await sql`SELECT setval(pg_get_serial_sequence(quote_ident(${table}), ${numbered}),
      greatest(${last}::bigint, 1), ${last > 0})`.execute(db);
    return;
  }
  await db.transaction().execute(async (transaction) => {
    await sql`DELETE FROM sqlite_sequence WHERE name = ${table}`.execute(transaction);
    if (last > 0)
      await sql`INSERT INTO sqlite_sequence (name, seq) VALUES (${table}, ${last})`.execute(transaction);
  });
}

export interface TableDigest {
  readonly table: TableName;
  readonly rows: number;
  readonly sha256: string;
}

/**
 * Reads every row at both ends.
 * @throws StartRefusal MOVE_DIFFERS, naming the first row that is not the same
 */
export async function compareTable(
  from: MoveEnd,
  to: MoveEnd,
  shape: TableShape,
  { ours: ofOurs, theirs: ofTheirs }: { readonly ours: Projection; readonly theirs: Projection },
): Promise<TableDigest> {
  const [left, right] = [new ContentHash(), new ContentHash()];
  const both = pairs(shape, rowsOf(from.db, shape, ofOurs), rowsOf(to.db, shape, ofTheirs));
  for await (const { ours, theirs } of both) {
    const [a, b] = [ours && contentOf(shape, ours), theirs && contentOf(shape, theirs)];
    if (a !== null) left.add(a);
    if (b !== null) right.add(b);
    if (a === b) continue;
    const name = keyOf(shape, ours ?? theirs ?? {})
      .map(String)
      .join(", ");
    const what =
      b === null ? "is missing in" : a === null ? "was never there, and is in" : "is another one in";
    throw new StartRefusal(
      "MOVE_DIFFERS",
      `The row ${name} of the table ${shape.table} ${what} the new place.`,
    );
  }
  const sha256 = left.digest();
  if (sha256 !== right.digest())
    throw new StartRefusal("MOVE_DIFFERS", `The table ${shape.table} is not the same.`);
  return { table: shape.table, rows: left.count, sha256 };
}

export async function compareRows(from: MoveEnd, to: MoveEnd): Promise<TableDigest[]> {
  const digests: TableDigest[] = [];
  for (const table of tablesOf("rows")) {
    const project = projectionOf(table);
    const shape = await commonShape(from, to, table);
    digests.push(await compareTable(from, to, shape, { ours: project, theirs: project }));
  }
  return digests;
}
