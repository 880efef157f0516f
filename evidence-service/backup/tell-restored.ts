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
  const atUtcMs = now();
  const { backupUtcMs, begunAnew, removed } = await db.transaction().execute(async (transaction) => {
    const told = await latestEntry(transaction);
    const names: string[] = [];
    let purged = 0;
    for (const one of damaged) {
      const files = await purge(transaction, one, atUtcMs);
      if (files === null) continue;
      names.push(...files);
      purged += 1;
    }
    // Where this is cut off, the service takes their bytes away.
    const left = names.map((blobName) => ({ blobName, leftMs: 0 }));
    if (left.length > 0) await transaction.insertInto("purgedBlob").values(left).execute();
    await transaction.deleteFrom("webSession").execute();
    await transaction.deleteFrom("halfSignIn").execute();
    // Some were used since.
    await transaction.deleteFrom("personLink").execute();
    await transaction.deleteFrom("receiving").execute();
    await keepRestoration(transaction, { id: randomUUID(), atUtcMs });
    const entry = { atUtcMs, actor: "system", action: RESTORED, subject: keys.tenantId };
    await appendAudit(transaction, { ...entry, detail: { ...told, lastHead, begunAnew: purged } });
    return { ...told, begunAnew: purged, removed: names };
  });
  for (const blobName of removed) {
    await blobs.remove(blobName);
    await db.deleteFrom("purgedBlob").where("blobName", "=", blobName).execute();
  }
  await removeUnaccepted(db, blobs);
  await new AuditHeads({ db, file, keys, now }).signNow();
  return { backupUtcMs, begunAnew };
}

/** Of each it is asked again right before: what was accepted meanwhile stays. */
async function removeUnaccepted(db: Metadata, blobs: RestoredSite["blobs"]): Promise<void> {
  const unaccepted = db.selectFrom("resource").select("resourceId").where("state", "=", "Created");
  for (const { resourceId } of await unaccepted.execute()) {
    const still = await unaccepted.where("resourceId", "=", resourceId).executeTakeFirst();
    if (still !== undefined) await blobs.remove(resourceId);
  }
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

/** @returns the names of its files; null where it is not incomplete any more */
async function purge(
  transaction: MetadataTransaction,
  { evidenceId, name }: Incomplete,
  atUtcMs: number,
): Promise<readonly string[] | null> {
  const still = await transaction
    .selectFrom("evidence")
    .select("evidenceId")
    .where("evidenceId", "=", evidenceId)
    .where("lifecycleState", "=", "Receiving")
    .executeTakeFirst();
  if (still === undefined) return null;
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
