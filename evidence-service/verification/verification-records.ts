/** The latest verification of each evidence, and verifying on demand. */
import pLimit from "p-limit";
import { z } from "zod";
import type { WebVerification } from "#shared/web-api/web-api.ts";
import { actorOf, type Principal } from "../api/principal.ts";
import { Refusal } from "../api/refusal.ts";
import { isoInstant, type ServiceContext } from "../service-context.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import { verificationFacts } from "../audit/recorded-facts.ts";
import type { MetadataTransaction } from "../storage/metadata-tables.ts";
import { type Verification, verifyEvidence } from "./manifest-verification.ts";

const differencesSchema = z.array(z.string());
const COMPLETED = new Set(["Processing", "Available", "Failed"]);

/** @returns what the entry of the audit trail says of it */
export async function saveVerification(
  transaction: MetadataTransaction,
  evidenceId: string,
  { outcome, depth, checkedUtcMs, keyId, differences }: Verification,
): Promise<string> {
  const row = { outcome, depth, checkedUtcMs, keyId, differencesJson: JSON.stringify(differences) };
  await transaction
    .insertInto("verification")
    .values({ evidenceId, ...row })
    .onConflict((conflict) => conflict.column("evidenceId").doUpdateSet(row))
    .execute();
  return verificationFacts(row);
}

/** Null for an evidence that was never verified. */
export async function latestVerification(
  context: ServiceContext,
  evidenceId: string,
): Promise<WebVerification | null> {
  const row = await context.db
    .selectFrom("verification")
    .selectAll()
    .where("evidenceId", "=", evidenceId)
    .executeTakeFirst();
  if (row === undefined) return null;
  const differences = differencesSchema.parse(JSON.parse(row.differencesJson));
  return toWebVerification({ ...row, differences });
}

function toWebVerification({
  outcome,
  depth,
  checkedUtcMs,
  keyId,
  differences,
}: Verification): WebVerification {
  return { outcome, depth, checkedUtc: isoInstant(checkedUtcMs), keyId, differences: [...differences] };
}

/** Reading whole evidence is heavy: one at a time, and the others wait. */
const oneAtATime = pLimit(1);

/**
 * Verifies every byte of a completed evidence now, keeps the outcome and writes it to the audit trail.
 * @throws Refusal 404, 409 NOT_COMPLETED
 */
export async function verifyNow(
  context: ServiceContext,
  principal: Principal,
  evidence: { readonly evidenceId: string; readonly lifecycleState: string },
): Promise<WebVerification> {
  const { evidenceId } = evidence;
  if (!COMPLETED.has(evidence.lifecycleState)) {
    throw new Refusal(409, "NOT_COMPLETED", "The evidence has not arrived completely.");
  }
  const verification = await oneAtATime(() => verifyEvidence(context, evidenceId, "whole"));
  await context.db.transaction().execute(async (transaction) => {
    const facts = await saveVerification(transaction, evidenceId, verification);
    const { checkedUtcMs: atUtcMs, outcome, keyId, differences } = verification;
    const entry = { atUtcMs, actor: actorOf(principal), action: "VERIFIED", subject: evidenceId };
    const detail = { outcome, keyId, differences: differences.length, verification: facts };
    await appendAudit(transaction, { ...entry, detail });
  });
  return toWebVerification(verification);
}
