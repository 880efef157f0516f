/**
 * What a service that was brought back to an earlier state has to do before anybody is let in. From then on consoles see
 * that it was restored, and send again what is missing.
 */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { appendAudit } from "../audit/audit-chain.ts";
import { AuditHeads, lastHeadLine } from "../audit/audit-heads.ts";
import { keepRestoration, RESTORED } from "../audit/restorations.ts";
import type { SiteFolder } from "../site/site-folder.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import { readJson } from "../storage/read-json.ts";

export interface RestoredSite {
  readonly site: Pick<SiteFolder, "db" | "keys" | "auditHeadsFile">;
  readonly blobs: Pick<BlobStore, "storedBytes" | "remove">;
  readonly now: () => number;
}

export interface ToldRestored {
  /** When the latest thing happened that the restored trail tells of. */
  readonly backupUtcMs: number;
  /** Incomplete evidence of which files are missing: its console begins it anew. */
  readonly begunAnew: number;
}

/**
 * - Blocks of files that were not accepted yet are forgotten: they may have been replaced, or put together, after the
 *   metadata were copied. Their consoles send them again.
 * - Incomplete evidence whose accepted files are not all there was purged after the metadata were copied, and is again.
 * - Everybody signs in anew: who signed out after the backup stays signed out.
 * - Nothing is purged for what passed before.
 * - The trail tells it, and a head is signed that covers it.
 */
export async function tellRestored({ site, blobs, now }: RestoredSite): Promise<ToldRestored> {
  const { db, keys, auditHeadsFile: file } = site;
  const lastHead = await lastHeadLine(file);
  const damaged = await incompleteWithoutFiles(db, blobs);
  const unaccepted = await db
    .selectFrom("resource")
    .select("resourceId")
    .where("state", "=", "Created")
    .execute();
  const atUtcMs = now();
  const { backupUtcMs, removed } = await db.transaction().execute(async (transaction) => {
    const told = await latestEntry(transaction);
    const names: string[] = [];
    for (const one of damaged) names.push(...(await purge(transaction, one, atUtcMs)));
    await transaction.deleteFrom("webSession").execute();
    await transaction.deleteFrom("halfSignIn").execute();
    // Some were used since.
    await transaction.deleteFrom("personLink").execute();
    await transaction.deleteFrom("receiving").execute();
    await keepRestoration(transaction, { id: randomUUID(), atUtcMs });
    const entry = { atUtcMs, actor: "system", action: RESTORED, subject: keys.tenantId };
    await appendAudit(transaction, { ...entry, detail: { ...told, lastHead, begunAnew: damaged.length } });
    return { ...told, removed: names };
  });
  for (const blobName of [...removed, ...unaccepted.map(({ resourceId }) => resourceId)])
    await blobs.remove(blobName);
  await new AuditHeads({ db, file, keys, now }).signNow();
  return { backupUtcMs, begunAnew: damaged.length };
}

async function latestEntry(
  transaction: MetadataTransaction,
): Promise<{ entries: number; backupUtcMs: number }> {
  const last = await transaction
    .selectFrom("audit")
    .select(["seq", "entryJson"])
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  const entry = readJson(z.object({ atUtcMs: z.number() }), last?.entryJson ?? "null");
  return { entries: last?.seq ?? 0, backupUtcMs: entry?.atUtcMs ?? 0 };
}

interface Incomplete {
  readonly evidenceId: string;
  readonly name: string;
}

async function incompleteWithoutFiles(
  db: Metadata,
  blobs: RestoredSite["blobs"],
): Promise<readonly Incomplete[]> {
  const incomplete = await db
    .selectFrom("evidence")
    .select(["evidenceId", "name"])
    .where("lifecycleState", "=", "Receiving")
    .execute();
  const damaged: Incomplete[] = [];
  for (const evidence of incomplete) {
    const files = await db
      .selectFrom("resource")
      .select(["resourceId", "lengthBytes"])
      .where("evidenceId", "=", evidence.evidenceId)
      .where("state", "=", "UserCompleted")
      .execute();
    for (const { resourceId, lengthBytes } of files) {
      if ((await blobs.storedBytes(resourceId)) === lengthBytes) continue;
      damaged.push(evidence);
      break;
    }
  }
  return damaged;
}

/** @returns the names of its files */
async function purge(
  transaction: MetadataTransaction,
  { evidenceId, name }: Incomplete,
  atUtcMs: number,
): Promise<readonly string[]> {
  const files = await transaction
    .deleteFrom("resource")
    .where("evidenceId", "=", evidenceId)
    .returning("resourceId")
    .execute();
  await transaction.deleteFrom("evidence").where("evidenceId", "=", evidenceId).execute();
  const entry = { atUtcMs, actor: "system", action: "EVIDENCE_PURGED", subject: evidenceId };
  await appendAudit(transaction, {
    ...entry,
    detail: { name, files: files.length, because: "missing in the backup" },
  });
  return files.map(({ resourceId }) => resourceId);
}
