/** When the latest backup was taken that ended well, as the command that took it tells the service. */
import type { Metadata } from "./metadata-tables.ts";

export const LAST_BACKUP_SETTING = "lastBackup";

/** Milliseconds UTC; null where none was. */
export async function lastBackupUtcMs(db: Metadata): Promise<number | null> {
  const query = db.selectFrom("setting").select("value").where("name", "=", LAST_BACKUP_SETTING);
  const row = await query.executeTakeFirst();
  const utcMs = Number(row?.value ?? Number.NaN);
  return Number.isFinite(utcMs) ? utcMs : null;
}
