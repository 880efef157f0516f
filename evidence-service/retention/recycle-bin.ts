/** The recycle bin: what goes there, what is taken back from it, and what is removed from it for good. */
import { appendAudit } from "../audit/audit-chain.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { forgetEvidence } from "./forget-evidence.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import type { MetadataTransaction } from "../storage/metadata-tables.ts";

/** Who does it, when, and why. */
export interface BinStep {
  readonly evidenceId: string;
  readonly actor: string;
  readonly atUtcMs: number;
  readonly because: string;
}

/** @returns false where it lies there already, or is not complete */
export async function putIntoBin(
  transaction: MetadataTransaction,
  { evidenceId, actor, atUtcMs, because }: BinStep,
): Promise<boolean> {
  const row = await transaction
    .selectFrom("evidence")
    .select(["name", "lifecycleState"])
    .where("evidenceId", "=", evidenceId)
    .executeTakeFirst();
  const stateBefore = row?.lifecycleState;
  if (row === undefined || (stateBefore !== "Available" && stateBefore !== "Failed")) return false;
  await setState(transaction, evidenceId, "Deleted");
  const values = { evidenceId, stateBefore, binnedUtcMs: atUtcMs, because, askedBy: null, askedUtcMs: null };
  await transaction.insertInto("binned").values(values).execute();
  const entry = { atUtcMs, actor, action: "EVIDENCE_BINNED", subject: evidenceId };
  await appendAudit(transaction, { ...entry, detail: { name: row.name, because } });
  return true;
}

/** @returns false where it does not lie there */
export async function takeOutOfBin(
  transaction: MetadataTransaction,
  { evidenceId, actor, atUtcMs, because }: BinStep,
): Promise<boolean> {
  const row = await transaction
    .deleteFrom("binned")
    .where("evidenceId", "=", evidenceId)
    .returning("stateBefore")
    .executeTakeFirst();
  if (row === undefined) return false;
  await setState(transaction, evidenceId, row.stateBefore);
  const entry = { atUtcMs, actor, action: "EVIDENCE_TAKEN_BACK", subject: evidenceId };
  await appendAudit(transaction, { ...entry, detail: { because } });
  return true;
}

/** What it was stays in the trail: the entry here, and those of its creation and completion. */
export async function removeForGood(
  context: Pick<ServiceContext, "jobs">,
  transaction: MetadataTransaction,
  { evidenceId, actor, atUtcMs, because }: BinStep,
): Promise<boolean> {
  const row = await transaction
    .selectFrom("binned")
    .innerJoin("evidence", "evidence.evidenceId", "binned.evidenceId")
    .select(["name", "startUtcMs", "endUtcMs", "caseId", "binnedUtcMs", "askedBy"])
    .where("binned.evidenceId", "=", evidenceId)
    .executeTakeFirst();
  if (row === undefined) return false;
  const { bytes } = await transaction
    .selectFrom("resource")
    .select((e) => e.fn.sum<number | null>("lengthBytes").as("bytes"))
    .where("evidenceId", "=", evidenceId)
    .executeTakeFirstOrThrow();
  const files = await forgetEvidence(context, transaction, evidenceId);
  const { name, caseId, askedBy } = row;
  await appendAudit(transaction, {
    ...{ atUtcMs, actor, action: "EVIDENCE_REMOVED", subject: evidenceId },
    detail: {
      ...{ name, caseId, because, files: files.length, lengthBytes: Number(bytes ?? 0), askedBy },
      recordedFrom: isoInstant(row.startUtcMs),
      recordedUntil: isoInstant(row.endUtcMs),
      binnedSince: isoInstant(row.binnedUtcMs),
    },
  });
  return true;
}

async function setState(
  transaction: MetadataTransaction,
  evidenceId: string,
  lifecycleState: "Available" | "Failed" | "Deleted",
): Promise<void> {
  await transaction
    .updateTable("evidence")
    .set({ lifecycleState })
    .where("evidenceId", "=", evidenceId)
    .execute();
}
