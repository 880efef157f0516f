/**
 * What was not completed in time is purged: rows at once, each purge in the audit trail; files by jobs that
 * are committed with it, so that a store that does not answer only delays them.
 */
import type { JobKind } from "../consolidation/job-runner.ts";
import type { ServiceContext } from "../service-context.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import type { MetadataTransaction } from "../storage/metadata-tables.ts";

export const REMOVE_BLOB = "remove-blob";
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
  if (purged.length > 0) context.wakeJobs();
  return purged;
}

async function purgeOne(context: ServiceContext, evidenceId: string): Promise<boolean> {
  return context.db.transaction().execute(async (transaction) => {
    const still = await transaction
      .selectFrom("evidence")
      .select("name")
      .where("evidenceId", "=", evidenceId)
      .where("lifecycleState", "=", "Receiving")
      .executeTakeFirst();
    if (still === undefined) return false;
    const resources = await transaction
      .deleteFrom("resource")
      .where("evidenceId", "=", evidenceId)
      .returning("resourceId")
      .execute();
    await transaction.deleteFrom("evidence").where("evidenceId", "=", evidenceId).execute();
    const entry = { atUtcMs: context.now(), actor: "system", action: "EVIDENCE_PURGED", subject: evidenceId };
    await appendAudit(transaction, { ...entry, detail: { name: still.name, files: resources.length } });
    await removeLater(
      context,
      transaction,
      resources.map((row) => row.resourceId),
    );
    return true;
  });
}

async function removeLater(
  context: ServiceContext,
  transaction: MetadataTransaction,
  blobNames: readonly string[],
): Promise<void> {
  const job = { kind: REMOVE_BLOB, state: "Waiting" as const, attempts: 0, notBeforeUtcMs: context.now() };
  const jobs = blobNames.map((subject) => ({ ...job, subject }));
  if (jobs.length > 0) await transaction.insertInto("job").values(jobs).execute();
}

/** The job that removes the bytes of one purged file. */
export function blobRemovalJob({ blobs }: ServiceContext): JobKind {
  return {
    run: (blobName) => blobs.remove(blobName),
    // The job stays in its table as failed, with the reason.
    giveUp: async () => undefined,
  };
}
