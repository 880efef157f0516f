import type { MetadataPlace } from "../site/metadata-place.ts";
import { LAST_BACKUP_SETTING } from "../storage/last-backup.ts";
import { clientSettings, HELD_UP, type PostgresPlace } from "../storage/postgres/postgres-place.ts";
import { WatchedClient } from "../storage/postgres/watched-client.ts";
import { keepSettingBeside } from "../storage/sqlite-beside.ts";

/**
 * Tells the service, also while it runs, that a backup was taken: its administration page shows when.
 * @returns why it could not be told, in a sentence; null where it was: the backup is one all the same
 */
export async function noteBackup(place: MetadataPlace, takenUtcMs: number): Promise<string | null> {
  const value = String(takenUtcMs);
  try {
    if (place.kind === "sqlite") keepSettingBeside(place.file, LAST_BACKUP_SETTING, value);
    else await noteInPostgres(place, value);
    return null;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `The page Administration will not show it, as the metadata could not be written (${why}).`;
  }
}

/** One row that nobody else writes needs no turn. */
async function noteInPostgres(place: PostgresPlace, value: string): Promise<void> {
  const client = new WatchedClient({ ...clientSettings(place), ...HELD_UP });
  try {
    await client.connect();
    await client.query(
      "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
      [LAST_BACKUP_SETTING, value],
    );
  } finally {
    await client.end().catch(() => undefined); // It never began, or is gone.
  }
}
