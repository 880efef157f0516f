/** The latest verification of each evidence, and verifying on demand. */
import pLimit from "p-limit";
import { z } from "zod";
import type { WebVerification } from "#shared/web-api/web-api.ts";
import { knownVerdict } from "../api/evidence-records.ts";
import { actorOf, type Principal } from "../http/principal.ts";
import { Refusal } from "../http/refusal.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import { verificationFacts } from "../audit/recorded-facts.ts";
import { readJson } from "../storage/read-json.ts";
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
  const differences = readJson(differencesSchema, row.differencesJson);
  const outcome = knownVerdict(row.outcome);
  if (differences !== null) return toWebVerification({ ...row, outcome, differences });
  const unreadable = [
    "What the latest verification found cannot be read any more; verify the evidence anew.",
  ];
  return toWebVerification({ ...row, outcome: "failed", differences: unreadable });
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
/** Of all people together; each has one. */
const WAITING_MAX = 20;
const RETRY_AFTER_S = 30;
const verifying = new Set<string>();

/**
 * One person cannot keep the others waiting with many, and what nobody waits for any more ends.
 * @throws Refusal 429 VERIFYING_ALREADY, 503 VERIFICATIONS_BUSY
 */
async function ofOneAtATime<T>(
  principal: Principal,
  signal: AbortSignal,
  verify: () => Promise<T>,
): Promise<T> {
  const actor = actorOf(principal);
  if (verifying.has(actor)) {
    const detail = "An evidence is being verified for you already; wait until it is done.";
    throw new Refusal("VERIFYING_ALREADY", detail, { retryAfterS: RETRY_AFTER_S });
  }
  if (verifying.size >= WAITING_MAX) {
    throw new Refusal("VERIFICATIONS_BUSY", "Too much evidence is waiting to be verified.", {
      retryAfterS: RETRY_AFTER_S,
    });
  }
  verifying.add(actor);
  try {
    return await oneAtATime(() => {
      signal.throwIfAborted();
      return verify();
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Refusal("CLIENT_LEFT", "Nobody waited for the verification any more.");
  } finally {
    verifying.delete(actor);
  }
}

/**
 * Verifies every byte of a completed evidence now, keeps the verdict and writes it to the audit trail.
 * @param signal aborts when whoever asked has left
 * @throws Refusal 404, 409 NOT_COMPLETED, 429 VERIFYING_ALREADY, 503 VERIFICATIONS_BUSY
 */
export async function verifyNow(
  context: ServiceContext,
  { principal, signal }: { readonly principal: Principal; readonly signal: AbortSignal },
  evidence: { readonly evidenceId: string; readonly lifecycleState: string },
): Promise<WebVerification> {
  const { evidenceId } = evidence;
  if (!COMPLETED.has(evidence.lifecycleState)) {
    throw new Refusal("NOT_COMPLETED", "The evidence has not arrived completely.");
  }
  const verification = await ofOneAtATime(principal, signal, () =>
    verifyEvidence(context, evidenceId, { depth: "whole", signal }),
  );
  const verdict = { actor: actorOf(principal), evidenceId, verification };
  await context.db.transaction().execute((transaction) => keepVerdict(transaction, verdict));
  return toWebVerification(verification);
}

interface Verdict {
  /** Who asked for it. */
  readonly actor: string;
  readonly evidenceId: string;
  readonly verification: Verification;
}

/** Keeps what was found, and tells it in the audit trail. */
export async function keepVerdict(
  transaction: MetadataTransaction,
  { actor, evidenceId, verification }: Verdict,
): Promise<void> {
  const facts = await saveVerification(transaction, evidenceId, verification);
  const { checkedUtcMs: atUtcMs, outcome, keyId, differences } = verification;
  const entry = { atUtcMs, actor, action: "VERIFIED", subject: evidenceId };
  const detail = { outcome, keyId, differences: differences.length, verification: facts };
  await appendAudit(transaction, { ...entry, detail });
}
