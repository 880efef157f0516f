import Database from "better-sqlite3";
import { dirname } from "node:path";
import { type Failure, failureOfExport } from "#shared/domain/failure.ts";
import { JournalRefused } from "../../export-pipeline/ports/journal-refused.ts";

/** What SQLite says of a disk, and not of a mistake (sqlite.org/rescode.html). */
const OF_THE_DISK = /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN)/;

/** @returns the error as the pipeline knows it, where it is the disk's; else the error itself */
export function asRefusal(error: unknown, path: string): unknown {
  if (!(error instanceof Database.SqliteError) || !OF_THE_DISK.test(error.code)) return error;
  return new JournalRefused(failureOf(error.code, dirname(path)), error);
}

function failureOf(sqliteCode: string, folder: string): Failure {
  if (sqliteCode === "SQLITE_FULL")
    return failureOfExport({
      code: "JOURNAL_DISK_FULL",
      message: `The disk of ${folder} is full: what is done for exports cannot be written down.`,
    });
  return failureOfExport({
    code: "JOURNAL_NOT_WRITTEN",
    message: `What is done for exports cannot be written down in ${folder} (${sqliteCode}).`,
  });
}
