import SqliteDatabase from "better-sqlite3";

/**
 * Keeps one value beside a service that runs, and that has its file open.
 * @throws SqliteError where there is no database, or it is written to for longer than some seconds
 */
export function keepSettingBeside(file: string, name: string, value: string): void {
  const database = new SqliteDatabase(file, { fileMustExist: true });
  try {
    // Whoever serves the file brings its log into it.
    database.pragma("wal_autocheckpoint = 0");
    database
      .prepare(
        "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
      )
      .run(name, value);
  } finally {
    database.close();
  }
}
