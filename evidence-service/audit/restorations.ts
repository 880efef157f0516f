/**
 * Restorations of a service from a backup, as the audit trail tells them. The trail goes on where the backup's ended, so
 * numbers of entries are given again: heads that were signed before a restoration, of entries behind the backup's last
 * one, are no sign that somebody cut the trail.
 */
import { z } from "zod";
import { keepSetting } from "../storage/keep-setting.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { readJson } from "../storage/read-json.ts";

/** The action of its entry. */
export const RESTORED = "RESTORED";

const entrySchema = z.object({
  atUtcMs: z.number(),
  action: z.literal(RESTORED),
  detail: z.object({ lastHead: z.string().nullable(), backupUtcMs: z.number() }),
});

export interface ToldRestoration {
  /** Of its entry: the backup's trail had one less. */
  readonly seq: number;
  readonly atUtcMs: number;
  /** When the latest thing happened that the backup tells of. */
  readonly backupUtcMs: number;
  /** SHA-256 of the latest head (its line) that was in the folder; null where there was none. */
  readonly lastHead: string | null;
}

/** @returns null for an entry of anything else */
export function restorationIn(seq: number, entryJson: string): ToldRestoration | null {
  const { data } = entrySchema.safeParse(JSON.parse(entryJson));
  return data === undefined ? null : { seq, atUtcMs: data.atUtcMs, ...data.detail };
}

const SETTING = "restoration";
const restorationSchema = z.object({ id: z.string(), atUtcMs: z.number() });
export type Restoration = z.infer<typeof restorationSchema>;

/** The latest one; null where there was none. */
export async function latestRestoration(db: Metadata): Promise<Restoration | null> {
  const query = db.selectFrom("setting").select("value").where("name", "=", SETTING);
  const row = await query.executeTakeFirst();
  return row === undefined ? null : readJson(restorationSchema, row.value);
}

/** @param db of the transaction in which the trail tells it */
export async function keepRestoration(db: Metadata, restoration: Restoration): Promise<void> {
  await keepSetting(db, SETTING, JSON.stringify(restoration));
}
