/** The thread that searches: it reads the database beside the service, so that a search takes nothing from answers. */
import { parentPort, workerData } from "node:worker_threads";
import SqliteDatabase from "better-sqlite3";
import { z } from "zod";
import { askedSchema, SEARCH_TABLES, type SearchAnswer } from "./search-messages.ts";

const { file } = z.object({ file: z.string() }).parse(workerData);
const database = new SqliteDatabase(file, { readonly: true, fileMustExist: true });
// Pages of the index are read straight from the file's pages in memory.
database.pragma("mmap_size = 1073741824");

const statements = Object.fromEntries(
  Object.entries(SEARCH_TABLES).map(([kind, table]) => {
    const where = `${table} MATCH ? AND rowid < ?`;
    const text = `SELECT rowid FROM ${table} WHERE ${where} ORDER BY rowid DESC LIMIT ?`;
    return [kind, database.prepare<[string, number, number], number>(text).pluck()];
  }),
);

parentPort?.on("message", (message: unknown) => {
  const { id, kind, query, below, limit } = askedSchema.parse(message);
  const seqs = statements[kind]?.all(query, below, limit) ?? [];
  const answer: SearchAnswer = { id, seqs };
  parentPort?.postMessage(answer);
});
