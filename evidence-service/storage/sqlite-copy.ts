import { open } from "node:fs/promises";
import SqliteDatabase from "better-sqlite3";

/**
 * A copy of metadata as they are at one instant, also while a service writes them: it goes on meanwhile.
 * @param to where nothing is
 * @throws SqliteError where there is no database
 */
export async function copySqliteMetadata(file: string, to: string): Promise<void> {
  const database = new SqliteDatabase(file, { readonly: true, fileMustExist: true });
  try {
    database.prepare("VACUUM INTO ?").run(to);
  } finally {
    database.close();
  }
  // SQLite flushes nothing of such a copy.
  const copy = await open(to, "r+");
  try {
    await copy.sync();
  } finally {
    await copy.close();
  }
}

/** Whether a copy can be read whole: a disk, or a program that carried it on, may have cut it off. */
export function isWholeCopy(file: string): boolean {
  try {
    const database = new SqliteDatabase(file, { readonly: true, fileMustExist: true });
    try {
      return database.pragma("quick_check(1)", { simple: true }) === "ok";
    } finally {
      database.close();
    }
  } catch (error) {
    if (error instanceof SqliteDatabase.SqliteError) return false;
    throw error;
  }
}
