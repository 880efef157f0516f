/** A service's folder with the seeded records in SQLite. */
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { seedDemo } from "#evidence-service/testing/demo-seed.ts";
import { DATABASE_FILE } from "#evidence-service/site/metadata-place.ts";
import { giveRole } from "#evidence-service/testing/test-site.ts";
import { caseRows, EVIDENCES, evidenceRows, type SeededRow } from "./seeded-records.ts";

/** Fills the folder unless it is filled already. */
export async function seedRecords(dir: string): Promise<void> {
  await seedDemo({ dir });
  await giveRole(dir, "integration");
  const database = new SqliteDatabase(join(dir, DATABASE_FILE));
  database.pragma("synchronous = OFF");
  // All that is written in one transaction stays in memory until its end.
  database.pragma("cache_size = -2000000");
  const there = Number(database.prepare("SELECT count(*) FROM evidence").pluck().get());
  if (there < EVIDENCES) {
    database.transaction(() => insertAll(database, "caseFile", caseRows()))();
    database.transaction(() => insertAll(database, "evidence", evidenceRows()))();
  }
  database.pragma("wal_checkpoint(TRUNCATE)");
  database.close();
}

function insertAll(database: SqliteDatabase.Database, table: string, rows: Iterable<SeededRow>): void {
  let insert: SqliteDatabase.Statement | null = null;
  for (const row of rows) {
    const columns = Object.keys(row);
    insert ??= database.prepare(
      `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map((name) => `:${name}`).join(", ")})`,
    );
    insert.run(row);
  }
}
