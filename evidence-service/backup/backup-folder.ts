/**
 * What lies in the folder of a backup: `backup.json`, which is written last and names the folder beside it with the small
 * files and the metadata, and `blobs`, the stored files as the service has them. One that was broken off has the
 * `backup.json` of the backup before, or none.
 */
import { join } from "node:path";
import { z } from "zod";
import { writeDurably } from "#runtime/files/durable-file.ts";
import { parseSettings, settingsText } from "../site/settings-file.ts";
import { StartRefusal } from "../site/start-refusal.ts";

export const BACKUP_FILE = "backup.json";
export const METADATA_FOLDER = /^metadata-\d+$/;
/** In the metadata's folder, where they are PostgreSQL's. */
export const DUMP_FILE = "metadata.dump";

const backupSchema = z.object({
  version: z.literal(1),
  takenUtcMs: z.number(),
  engine: z.enum(["sqlite", "postgres"]),
  /** Of PostgreSQL: the dump goes back into a schema of this name. */
  schema: z.string().nullable(),
  /** `elsewhere`: in a bucket or in Azure, which have copies of their own. */
  files: z.enum(["folder", "elsewhere"]),
  folder: z.string().regex(METADATA_FOLDER),
  /** Files with passwords that the service had: they are not in it. Absent in backups from before December 2026. */
  without: z.array(z.string()).readonly().default([]),
  /** Of the keys with which all of it is read. */
  keys: z.object({
    tenantId: z.string(),
    contentKeyIds: z.array(z.string()).readonly(),
    auditKeyIds: z.array(z.string()).readonly(),
  }),
});
export type Backup = z.infer<typeof backupSchema>;

/** @returns null where no backup was ever finished @throws StartRefusal BACKUP_UNUSABLE */
export async function readBackup(folder: string): Promise<Backup | null> {
  const path = join(folder, BACKUP_FILE);
  const text = await settingsText(path);
  if (text === null) return null;
  const parsed = parseSettings(backupSchema, text);
  if ("settings" in parsed) return parsed.settings;
  throw new StartRefusal("BACKUP_UNUSABLE", `${path}: ${parsed.misfit}.`);
}

export async function writeBackup(folder: string, backup: Backup): Promise<void> {
  await writeDurably(join(folder, BACKUP_FILE), [Buffer.from(`${JSON.stringify(backup, null, 2)}\n`)]);
}
