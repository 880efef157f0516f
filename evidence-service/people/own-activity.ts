import { z } from "zod";
import { OWN_SUSPICIOUS_ACTIONS } from "#shared/web-api/audit-actions.ts";
import type { WebOwnActivity } from "#shared/web-api/people.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { readJson } from "../storage/read-json.ts";

const SHOWN_MS = 30 * 24 * 3_600_000;
const MOST_SHOWN = 20;

const detailSchema = z.object({ detail: z.object({ tries: z.number().optional() }).optional() });

/** What a person should look at themselves, of how somebody got into their account or tried to; latest first. */
export async function ownActivity(db: Metadata, username: string, nowUtcMs: number): Promise<WebOwnActivity> {
  const rows = await db
    .selectFrom("auditIndex")
    .innerJoin("audit", "audit.seq", "auditIndex.seq")
    .select(["auditIndex.seq", "auditIndex.action", "auditIndex.atUtcMs", "audit.entryJson"])
    .where("auditIndex.subject", "=", username)
    .where("auditIndex.action", "in", [...OWN_SUSPICIOUS_ACTIONS])
    .where("auditIndex.atUtcMs", ">=", nowUtcMs - SHOWN_MS)
    .orderBy("auditIndex.seq", "desc")
    .limit(MOST_SHOWN)
    .execute();
  const activity = rows.map(({ seq, action, atUtcMs, entryJson }) => ({
    ...{ seq, action, atUtc: isoInstant(atUtcMs) },
    tries: readJson(detailSchema, entryJson)?.detail?.tries ?? null,
  }));
  return { activity };
}
