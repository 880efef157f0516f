/**
 * A row that says that a schema is being restored, in a table of its own: it is there before the tables of a dump are,
 * and none of them.
 */
import { askOnce } from "./ask-once.ts";
import type { PostgresPlace } from "./postgres-place.ts";

export const RESTORE_TABLE = "restoreUnderWay";

/** @returns null where there is none @throws MetadataUnreachable */
export async function readRestoreRow(place: PostgresPlace): Promise<string | null> {
  return askOnce(place, async (client) => {
    const table = `"${place.schema}"."${RESTORE_TABLE}"`;
    const { rows: found } = await client.query("SELECT to_regclass($1) AS table", [table]);
    if (found[0]?.table === null) return null;
    const { rows } = await client.query<{ mark: string }>(`SELECT "mark" FROM ${table}`);
    return rows[0]?.mark ?? null;
  });
}

/** Makes schema and table where they are missing. @throws MetadataUnreachable */
export async function writeRestoreRow(place: PostgresPlace, mark: string): Promise<void> {
  await askOnce(place, async (client) => {
    const { schema } = place;
    const { rows: found } = await client.query("SELECT to_regnamespace($1) AS schema", [schema]);
    // Who may not make one may use one that an administrator made.
    if (found[0]?.schema === null) await client.query(`CREATE SCHEMA "${schema}"`);
    await client.query("BEGIN");
    await client.query(`CREATE TABLE IF NOT EXISTS "${RESTORE_TABLE}" ("mark" text NOT NULL)`);
    await client.query(`DELETE FROM "${RESTORE_TABLE}"`);
    await client.query(`INSERT INTO "${RESTORE_TABLE}" VALUES ($1)`, [mark]);
    await client.query("COMMIT");
  });
}

/** @throws MetadataUnreachable */
export async function removeRestoreRow(place: PostgresPlace): Promise<void> {
  await askOnce(place, (client) => client.query(`DROP TABLE IF EXISTS "${RESTORE_TABLE}"`));
}

/** Whether the schema has tables beside that of the row. @throws MetadataUnreachable */
export async function hasTables(place: PostgresPlace): Promise<boolean> {
  return askOnce(place, async (client) => {
    const other = "SELECT 1 FROM pg_tables WHERE schemaname = $1 AND tablename <> $2 LIMIT 1";
    const { rows } = await client.query(other, [place.schema, RESTORE_TABLE]);
    return rows.length > 0;
  });
}
