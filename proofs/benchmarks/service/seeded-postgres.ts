/** A service's folder with the seeded records in PostgreSQL. */
import { sql } from "kysely";
import { seedDemo } from "#evidence-service/testing/demo-seed.ts";
import { keepMetadataIn, type TestMetadata } from "#evidence-service/testing/engine-of-tests.ts";
import { giveRole } from "#evidence-service/testing/test-site.ts";
import { openPostgresMetadata } from "#evidence-service/storage/postgres/postgres-metadata.ts";
import type { Metadata } from "#evidence-service/storage/metadata-tables.ts";
import { caseRows, evidenceRows, type SeededRow } from "./seeded-records.ts";

const ROWS_AT_ONCE = 5_000;

/** @param dir an empty folder */
export async function seedRecordsInPostgres(dir: string, metadata: TestMetadata): Promise<void> {
  await keepMetadataIn(dir, metadata);
  await seedDemo({ dir });
  await giveRole(dir, "integration");
  const db = await openPostgresMetadata(metadata, () => undefined);
  try {
    await insertAll(db, "caseFile", caseRows());
    await insertAll(db, "evidence", evidenceRows());
    // What PostgreSQL does by itself in the first minutes.
    await sql`ANALYZE`.execute(db);
  } finally {
    await db.destroy();
  }
}

async function insertAll(db: Metadata, table: string, rows: Iterable<SeededRow>): Promise<void> {
  let some: SeededRow[] = [];
  for (const row of rows) {
    some.push(row);
    if (some.length < ROWS_AT_ONCE) continue;
    await insertSome(db, table, some);
    some = [];
  }
  if (some.length > 0) await insertSome(db, table, some);
}

async function insertSome(db: Metadata, table: string, rows: readonly SeededRow[]): Promise<void> {
  const names = Object.keys(rows[0] ?? {});
  const columns = sql.join(names.map((name) => sql.ref(name)));
  const json = JSON.stringify(rows);
  await sql`INSERT INTO ${sql.table(table)} (${columns})
    SELECT ${columns} FROM json_populate_recordset(NULL::${sql.table(table)}, ${json})`.execute(db);
}
