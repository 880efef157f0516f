/**
 * How each table is carried to another place. A table that does not stand here does not compile, and one that only the
 * database knows fails a test. Which columns it has, and which of them name a row, is read from the database itself.
 */
import { sql } from "kysely";
import type { Metadata, Tables } from "../storage/metadata-tables.ts";

/**
 * - `rows`: each row as it is.
 * - `blocks`: with the stored bytes; where a block lies is the place's own.
 * - `jobs`: by the queue of each engine.
 * - `place`: of what the place itself has begun; it begins anew.
 * - `follows`: from other rows, as they are written.
 */
type Treatment = "rows" | "blocks" | "jobs" | "place" | "follows";

/** Rows that others refer to stand before those. */
const TREATMENTS: Readonly<Record<keyof Tables, Treatment>> = {
  setting: "rows",
  rightHolder: "rows",
  personGroup: "rows",
  groupMember: "rows",
  accountRight: "rows",
  // Before cases and evidence: which of them somebody sees is entered as they come.
  accessPolicy: "rows",
  serviceAccount: "rows",
  accountKey: "rows",
  usedAssertion: "rows",
  department: "rows",
  category: "rows",
  fieldTemplate: "rows",
  caseFile: "rows",
  caseNote: "rows",
  caseNoteText: "rows",
  evidence: "rows",
  receiving: "rows",
  binned: "rows",
  protection: "rows",
  purgedBlob: "rows",
  resource: "rows",
  contentKey: "rows",
  blob: "rows",
  deviceKey: "rows",
  verification: "rows",
  verificationRun: "rows",
  webUser: "rows",
  webSession: "rows",
  personLink: "rows",
  refusedSignIn: "rows",
  authenticatorApp: "rows",
  recoveryCode: "rows",
  halfSignIn: "rows",
  passkey: "rows",
  usedChallenge: "rows",
  knownNetwork: "rows",
  audit: "rows",
  blockList: "blocks",
  committedBlock: "blocks",
  stagedBlock: "blocks",
  job: "jobs",
  earlierJob: "jobs",
  runningJob: "jobs",
  objectUpload: "place",
  objectPart: "place",
  sealedBlob: "place",
  auditIndex: "follows",
  auditScope: "follows",
  accessIndex: "follows",
};

/** PostgreSQL's alone: of what happens at the moment, among several services. */
export const OF_THE_MOMENT: readonly string[] = ["signInCount", "viewing", "blobTurn", "schemaVersion"];

export type TableName = keyof Tables;

export const TABLES = Object.keys(TREATMENTS) as TableName[];
export const tablesOf = (treatment: Treatment): TableName[] =>
  TABLES.filter((table) => TREATMENTS[table] === treatment);

/** Which rows a table has by which columns. */
export interface TableShape {
  readonly table: TableName;
  readonly columns: readonly string[];
  /** Columns that name a row, in the order of the key. */
  readonly key: readonly string[];
  /** The column that the database numbers; null where it numbers none. */
  readonly numbered: string | null;
}

export type Engine = "sqlite" | "postgres";

/** A column of PostgreSQL's alone, which follows from others. */
const FOLLOWS: ReadonlySet<string> = new Set(["words"]);

/** @throws Error for a table that is not there, or has no key */
export async function shapeOf(db: Metadata, engine: Engine, table: TableName): Promise<TableShape> {
  const found = engine === "sqlite" ? await inSqlite(db, table) : await inPostgres(db, table);
  const columns = found.columns.filter((column) => !FOLLOWS.has(column)).toSorted();
  if (columns.length === 0 || found.key.length === 0) throw new Error(`The table ${table} has no key.`);
  return { table, ...found, columns };
}

type Found = Omit<TableShape, "table">;

async function inSqlite(db: Metadata, table: string): Promise<Found> {
  const { rows } = await sql<{ name: string; pk: number }>`
    SELECT name, pk FROM pragma_table_info(${table})`.execute(db);
  const { rows: made } = await sql<{ sql: string }>`
    SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ${table}`.execute(db);
  const ofKey = rows.filter(({ pk }) => pk > 0).toSorted((a, b) => a.pk - b.pk);
  const key = ofKey.map(({ name }) => name);
  const isNumbered = /\bAUTOINCREMENT\b/i.test(made[0]?.sql ?? "");
  return { columns: rows.map(({ name }) => name), key, numbered: isNumbered ? (key[0] ?? null) : null };
}

async function inPostgres(db: Metadata, table: string): Promise<Found> {
  const { rows } = await sql<{ name: string; isIdentity: string }>`
    SELECT column_name AS name, is_identity AS "isIdentity" FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = ${table}`.execute(db);
  const { rows: key } = await sql<{ name: string }>`
    SELECT attname AS name FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)
    WHERE indrelid = to_regclass(quote_ident(${table})) AND indisprimary
    ORDER BY array_position(indkey::int2[], attnum)`.execute(db);
  return {
    columns: rows.map(({ name }) => name),
    key: key.map(({ name }) => name),
    numbered: rows.find(({ isIdentity }) => isIdentity === "YES")?.name ?? null,
  };
}
