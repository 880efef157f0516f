/** What was not completed in time is purged: rows first, files after, each purge in the audit trail. */
import type { ServiceContext } from "../service-context.ts";
import { appendAudit } from "../storage/audit-chain.ts";

const PURGE_BATCH = 100;

/**
 * Purges every evidence that is still receiving `abandonedAfterMs` after its creation.
 * @returns the ids of the purged evidences
 */
export async function purgeAbandoned(context: ServiceContext): Promise<string[]> {
  const createdBefore = context.now() - context.settings.abandonedAfterMs;
  const rows = await context.db
    .selectFrom("evidence")
    .select("evidenceId")
    .where("lifecycleState", "=", "Receiving")
    .where("createdUtcMs", "<=", createdBefore)
    .limit(PURGE_BATCH)
    .execute();
  const purged: string[] = [];
  for (const { evidenceId } of rows) {
    if (await purgeOne(context, evidenceId)) purged.push(evidenceId);
  }
  return purged;
}

async function purgeOne(context: ServiceContext, evidenceId: string): Promise<boolean> {
  const blobNames = await context.db.transaction().execute(async (transaction) => {
    const still = await transaction
      .selectFrom("evidence")
      .select("name")
      .where("evidenceId", "=", evidenceId)
      .where("lifecycleState", "=", "Receiving")
      .executeTakeFirst();
    if (still === undefined) return null;
    const resources = await transaction
      .deleteFrom("resource")
      .where("evidenceId", "=", evidenceId)
      .returning("resourceId")
      .execute();
    await transaction.deleteFrom("evidence").where("evidenceId", "=", evidenceId).execute();
    const entry = { atUtcMs: context.now(), actor: "system", action: "EVIDENCE_PURGED", subject: evidenceId };
    await appendAudit(transaction, { ...entry, detail: { name: still.name, files: resources.length } });
    return resources.map((row) => row.resourceId);
  });
  if (blobNames === null) return false;
  for (const blobName of blobNames) await context.blobs.remove(blobName);
  return true;
}
