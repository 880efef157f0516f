/** The thread that searches: it reads the database beside the service, so that a search takes nothing from answers. */
import { parentPort, workerData } from "node:worker_threads";
import SqliteDatabase from "better-sqlite3";
import { z } from "zod";
import { askedSchema, SEARCH_TABLES, type SearchAnswer } from "./search-messages.ts";

const { file } = z.object({ file: z.string() }).parse(workerData);
const database = new SqliteDatabase(file, { readonly: true, fileMustExist: true });
// Pages of the index are read straight from the file's pages in memory.
database.pragma("mmap_size = 1073741824");

/** Beside the words, which say whose the rows are: whether that has begun, and has not ended. */
const isSeenIn = (
  table: string,
): string => `(EXISTS (SELECT 1 FROM accessIndex WHERE holder IN (SELECT value FROM json_each(@holders))
    AND kind IN (SELECT value FROM json_each(@kinds)) AND seq = ${table}.rowid
    AND (fromUtcMs IS NULL OR fromUtcMs <= @atUtcMs) AND (untilUtcMs IS NULL OR untilUtcMs > @atUtcMs))
  OR @sentBy = (SELECT principalId FROM evidence WHERE seq = ${table}.rowid AND @sentBy IS NOT NULL))`;

interface Asked {
  readonly query: string;
  readonly below: number;
  readonly limit: number;
}

function statement(table: string, andIsSeen = "") {
  const where = `${table} MATCH @query AND rowid < @below${andIsSeen}`;
  const text = `SELECT rowid FROM ${table} WHERE ${where} ORDER BY rowid DESC LIMIT @limit`;
  return database.prepare<[Asked & Record<string, unknown>], number>(text).pluck();
}

const statements = new Map(
  Object.entries(SEARCH_TABLES).map(([kind, table]) => [
    kind,
    { all: statement(table), seen: statement(table, ` AND ${isSeenIn(table)}`) },
  ]),
);

parentPort?.on("message", (message: unknown) => {
  const { id, kind, query, below, limit, seen } = askedSchema.parse(message);
  const ofKind = statements.get(kind);
  const asked = { query, below, limit };
  const seqs =
    (seen === null
      ? ofKind?.all.all(asked)
      : ofKind?.seen.all({
          ...{ ...asked, sentBy: seen.sentBy, atUtcMs: seen.atUtcMs },
          ...{ holders: JSON.stringify(seen.holders), kinds: JSON.stringify(seen.kinds) },
        })) ?? [];
  const answer: SearchAnswer = { id, seqs };
  parentPort?.postMessage(answer);
});
