import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { JournalRefused } from "../../export-pipeline/ports/journal-refused.ts";
import { asRefusal } from "./journal-refusal.ts";

const sqlite = (code: string) => new Database.SqliteError("as SQLite says it", code);

test.each([
  ["SQLITE_FULL", "JOURNAL_DISK_FULL"],
  ["SQLITE_IOERR_WRITE", "JOURNAL_NOT_WRITTEN"],
  ["SQLITE_IOERR_FSYNC", "JOURNAL_NOT_WRITTEN"],
  ["SQLITE_READONLY_DBMOVED", "JOURNAL_NOT_WRITTEN"],
  ["SQLITE_CANTOPEN", "JOURNAL_NOT_WRITTEN"],
])("%s is the disk's fault, and says where", (code, expected) => {
  const refusal = asRefusal(sqlite(code), "/data/journal.sqlite");
  expect(refusal).toBeInstanceOf(JournalRefused);
  expect(refusal).toMatchObject({ failure: { code: expected, message: expect.stringContaining("/data") } });
});

test.each([sqlite("SQLITE_CONSTRAINT"), sqlite("SQLITE_MISUSE"), new TypeError("a mistake")])(
  "%o is a mistake, and stays one",
  (error) => {
    expect(asRefusal(error, "/data/journal.sqlite")).toBe(error);
  },
);
