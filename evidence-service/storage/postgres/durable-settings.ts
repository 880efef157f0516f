/** What PostgreSQL must be set to for its promise that what was committed survives a power cut. */
import { sql } from "kysely";
import type { Metadata } from "../metadata-tables.ts";

const DURABLE_SETTINGS = ["fsync", "full_page_writes", "synchronous_commit"] as const;
export type DurableSetting = (typeof DURABLE_SETTINGS)[number];

/**
 * Those that are off for this service's connections, whoever set them: the server, the database or the role.
 * @throws MetadataUnreachable
 */
export async function settingsThatAreOff(db: Metadata): Promise<DurableSetting[]> {
  const { rows } = await sql<{ name: string }>`
    select name from pg_settings where setting = 'off' and name in (${sql.join([...DURABLE_SETTINGS])})`.execute(
    db,
  );
  const off = new Set(rows.map(({ name }) => name));
  return DURABLE_SETTINGS.filter((name) => off.has(name));
}
