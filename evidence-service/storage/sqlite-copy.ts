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
