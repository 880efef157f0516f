/** Takes away all rows of an evidence, and has its bytes and the keys beside them removed. Its entries in the trail stay. */
import { REMOVE_BLOB } from "../jobs/job-kinds.ts";
import type { ServiceContext } from "../context/service-context.ts";
import type { MetadataTransaction } from "../storage/metadata-tables.ts";

/** Whoever commits it wakes the jobs. @returns the names of its files */
export async function forgetEvidence(
  { jobs }: Pick<ServiceContext, "jobs">,
  transaction: MetadataTransaction,
  evidenceId: string,
): Promise<string[]> {
  const files = await transaction
    .deleteFrom("resource")
    .where("evidenceId", "=", evidenceId)
    .returning("resourceId")
    .execute();
  const blobNames = files.map(({ resourceId }) => resourceId);
  for (const table of ["evidence", "receiving", "verification", "binned"] as const) {
    await transaction.deleteFrom(table).where("evidenceId", "=", evidenceId).execute();
  }
  for (const table of ["accessPolicy", "protection"] as const) {
    await transaction
      .deleteFrom(table)
      .where("scopeKind", "=", "evidence")
      .where("scopeId", "=", evidenceId)
      .execute();
  }
  await jobs.add(
    transaction,
    blobNames.map((subject) => ({ kind: REMOVE_BLOB, subject })),
  );
  return blobNames;
}
