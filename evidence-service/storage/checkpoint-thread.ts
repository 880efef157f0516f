/**
 * The thread that brings what is committed from the log into the database. Both are flushed for that, which takes as
 * long as the disk is busy; the service goes on beside it.
 */
import { parentPort, workerData } from "node:worker_threads";
import SqliteDatabase from "better-sqlite3";
import { z } from "zod";

const EVERY_MS = 1_000;

const { file } = z.object({ file: z.string() }).parse(workerData);
const database = new SqliteDatabase(file, { fileMustExist: true });

const timer = setInterval(() => {
  try {
    database.pragma("wal_checkpoint(PASSIVE)");
  } catch (error) {
    // The log stays as it is, and is tried again: a disk may be full for a while.
    parentPort?.postMessage({ failed: error instanceof Error ? error.message : String(error) });
  }
}, EVERY_MS);

parentPort?.on("message", () => {
  clearInterval(timer);
  database.close();
  parentPort?.close();
});
