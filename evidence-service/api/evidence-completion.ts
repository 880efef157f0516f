/** The completion of an evidence: every file is there, and its stored bytes are those that were sent. */
import type { CompleteEvidence, Evidence } from "#shared/clearance-api/evidence.ts";
import { CONSOLIDATE } from "../jobs/job-kinds.ts";
import type { Unreadable } from "../decryption/unreadable.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { appendAudit, sortedJson } from "../audit/audit-chain.ts";
import { completionFacts } from "../audit/recorded-facts.ts";
import type { MetadataTransaction } from "../storage/metadata-tables.ts";
import { refuseIntoClosedCase } from "./case-records.ts";
import { readEvidence } from "./evidence-records.ts";
import { actorOf, type Principal } from "../http/principal.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import { resourcesOf } from "./resource-records.ts";
import type { StoredChecksums } from "./stored-checksums.ts";
import type { ResourceRow } from "../storage/metadata-rows.ts";

/** Who completes, and with what. */
interface Completing {
  readonly context: ServiceContext;
  readonly checksums: StoredChecksums;
  readonly principal: Principal;
}

/** Why an evidence is refused for good, and what the audit trail says of it. */
interface Fault {
  readonly row: ResourceRow;
  readonly refusal: Refusal;
  readonly action: string;
  readonly facts: Readonly<Record<string, string>>;
}

interface Completion {
  readonly evidenceId: string;
  readonly body: CompleteEvidence;
  /** As it is kept. */
  readonly json: string;
}

interface DeclaredFile {
  readonly row: ResourceRow;
  readonly checksum: string;
}

/**
 * Completes an evidence. The same completion may be repeated.
 * @throws Refusal 404, 409 EVIDENCE_COMPLETED, RESOURCE_NOT_COMPLETED, CHECKSUM_MISSING, UNKNOWN_RESOURCE,
 *   CASE_CLOSED, CHECKSUM_MISMATCH, FILE_UNREADABLE (the stored files are kept for inquiry)
 */
export async function completeEvidence(
  { context, checksums, principal }: Completing,
  evidenceId: string,
  body: CompleteEvidence,
): Promise<Evidence> {
  const completionJson = canonicalCompletion(body);
  if (await alreadyCompleted(context, evidenceId, completionJson)) {
    return (await readEvidence(context, evidenceId)).evidence;
  }
  const files = declaredFiles(await resourcesOf(context, evidenceId), body);
  for (const file of files) {
    const { checksum, unreadable } = await checksums.check(
      file.row.resourceId,
      file.row.lengthBytes ?? 0,
      body.ChecksumAlgorithm,
    );
    const fault = checksum === file.checksum ? faultOf(file.row, unreadable) : mismatch(file, checksum);
    if (fault !== null) await refuseForGood(context, principal, fault);
  }
  await accept(context, principal, { evidenceId, body, json: completionJson });
  context.jobs.wake();
  return (await readEvidence(context, evidenceId)).evidence;
}

function canonicalCompletion(body: CompleteEvidence): string {
  const resources = body.CompleteEvidenceResources.toSorted((a, b) => (a.ResourceId < b.ResourceId ? -1 : 1));
  return sortedJson({ ...body, CompleteEvidenceResources: resources });
}

async function alreadyCompleted(
  context: ServiceContext,
  evidenceId: string,
  completionJson: string,
): Promise<boolean> {
  const row = await context.db
    .selectFrom("evidence")
    .select("completionJson")
    .where("evidenceId", "=", evidenceId)
    .executeTakeFirst();
  if (row === undefined) throw notFound("evidence");
  if (row.completionJson === null) return false;
  if (row.completionJson === completionJson) return true;
  throw new Refusal("EVIDENCE_COMPLETED", "The evidence was completed with other checksums.");
}

function declaredFiles(rows: readonly ResourceRow[], body: CompleteEvidence): DeclaredFile[] {
  const declared = new Map(body.CompleteEvidenceResources.map((file) => [file.ResourceId, file.Checksum]));
  const sent = rows.filter((row) => row.state !== "Derived");
  for (const resourceId of declared.keys()) {
    if (sent.some((row) => row.resourceId === resourceId)) continue;
    throw new Refusal("UNKNOWN_RESOURCE", `The evidence has no resource ${resourceId}.`);
  }
  return sent.map((row) => {
    if (row.state === "Created") {
      throw new Refusal("RESOURCE_NOT_COMPLETED", `“${row.name}” (${row.resourceId}) is not complete.`);
    }
    const checksum = declared.get(row.resourceId);
    if (checksum !== undefined) return { row, checksum };
    throw new Refusal("CHECKSUM_MISSING", `No checksum was given for “${row.name}” (${row.resourceId}).`);
  });
}

function mismatch({ row, checksum }: DeclaredFile, stored: string): Fault {
  const detail = `The stored bytes of “${row.name}” (${row.resourceId}) do not have the checksum that was declared for them.`;
  const refusal = new Refusal("CHECKSUM_MISMATCH", detail);
  return { row, refusal, action: "CHECKSUM_REFUSED", facts: { declared: checksum, stored } };
}

/** What was sent is what was declared, but it was never encrypted correctly: nobody can ever read it. */
function faultOf(row: ResourceRow, unreadable: Unreadable | null): Fault | null {
  if (unreadable === null) return null;
  const { code, message } = unreadable;
  const detail = `“${row.name}” (${row.resourceId}) cannot be decrypted: ${message}`;
  return {
    row,
    refusal: new Refusal("FILE_UNREADABLE", detail),
    action: "UNREADABLE_REFUSED",
    facts: { code },
  };
}

/** Marks the evidence as failed, so that its files are kept and not purged, and refuses. */
async function refuseForGood(
  context: ServiceContext,
  principal: Principal,
  { row: { evidenceId, resourceId }, refusal, action, facts }: Fault,
): Promise<never> {
  await context.db.transaction().execute(async (transaction) => {
    await transaction
      .updateTable("evidence")
      .set({ lifecycleState: "Failed", lifecycleDetail: refusal.message })
      .where("evidenceId", "=", evidenceId)
      .where("completionJson", "is", null)
      .execute();
    const entry = { atUtcMs: context.now(), actor: actorOf(principal), action, subject: resourceId };
    await appendAudit(transaction, { ...entry, detail: { evidenceId, ...facts } });
  });
  throw refusal;
}

/**
 * Hashing what was stored can take minutes, in which other files may have been announced: the evidence consists of
 * what was declared and of nothing else.
 * @throws Refusal 409 RESOURCE_NOT_COMPLETED, CHECKSUM_MISSING, UNKNOWN_RESOURCE
 */
async function checkStillDeclared(
  transaction: MetadataTransaction,
  evidenceId: string,
  body: CompleteEvidence,
): Promise<void> {
  const rows = await transaction
    .selectFrom("resource")
    .selectAll()
    .where("evidenceId", "=", evidenceId)
    .execute();
  declaredFiles(rows, body);
}

async function accept(
  context: ServiceContext,
  principal: Principal,
  { evidenceId, body, json }: Completion,
): Promise<void> {
  const atUtcMs = context.now();
  await context.db.transaction().execute(async (transaction) => {
    const changed = await transaction
      .updateTable("evidence")
      .set({ lifecycleState: "Processing", lifecycleDetail: null, completionJson: json })
      .where("evidenceId", "=", evidenceId)
      .where("completionJson", "is", null)
      .returning("evidenceId")
      .execute();
    if (changed.length === 0) return;
    await refuseIntoClosedCase(transaction, evidenceId);
    await checkStillDeclared(transaction, evidenceId, body);
    for (const { ResourceId, Checksum } of body.CompleteEvidenceResources) {
      await transaction
        .updateTable("resource")
        .set({ checksumAlgorithm: body.ChecksumAlgorithm, checksumHex: Checksum })
        .where("resourceId", "=", ResourceId)
        .execute();
    }
    await context.jobs.add(transaction, [{ kind: CONSOLIDATE, subject: evidenceId }]);
    const entry = { atUtcMs, actor: actorOf(principal), action: "EVIDENCE_COMPLETED", subject: evidenceId };
    const files = body.CompleteEvidenceResources.length;
    await appendAudit(transaction, { ...entry, detail: { files, facts: completionFacts(json) } });
  });
}
