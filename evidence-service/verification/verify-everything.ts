/**
 * Every stored byte of all completed evidence, a job for each: what else waits has its turn in between, since all of it
 * may take days. It goes on where it was when the service ended, or when the store was away. Each verdict is kept and told
 * in the audit trail as if somebody had asked for it.
 */
import { randomUUID } from "node:crypto";
import type { WebVerificationRun } from "#shared/web-api/web-api.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import { Refusal } from "../http/refusal.ts";
import { VERIFY_EVERYTHING } from "../jobs/job-kinds.ts";
import type { JobKind } from "../jobs/job-queue.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import type { VerificationRunRow } from "../storage/metadata-rows.ts";
import { verifyEvidence } from "./manifest-verification.ts";
import { keepVerdict } from "./verification-records.ts";

/** Of those that did not agree, as many are named. */
const NAMED_MOST = 20;

/** @throws Refusal 409 VERIFICATION_UNDER_WAY */
export async function verifyEverything(context: ServiceContext, actor: string): Promise<void> {
  const runId = randomUUID();
  const atUtcMs = context.now();
  await context.db.transaction().execute(async (transaction) => {
    const underWay = await transaction
      .selectFrom("verificationRun")
      .select("runId")
      .where("endedUtcMs", "is", null)
      .executeTakeFirst();
    if (underWay !== undefined) {
      throw new Refusal("VERIFICATION_UNDER_WAY", "Everything is being verified already.");
    }
    const run = { runId, startedBy: actor, startedUtcMs: atUtcMs, endedUtcMs: null, endedBecause: null };
    await transaction
      .insertInto("verificationRun")
      .values({ ...run, afterSeq: 0, checked: 0, differing: 0 })
      .execute();
    await context.jobs.add(transaction, [{ kind: VERIFY_EVERYTHING, subject: runId }]);
    await appendAudit(transaction, { atUtcMs, actor, action: "VERIFY_EVERYTHING_STARTED", subject: runId });
  });
  context.jobs.wake();
}

export function everythingJob(context: ServiceContext): JobKind {
  return {
    run: async (runId, { signal }) => {
      const row = await runRow(context, runId);
      if (row === undefined || row.endedUtcMs !== null) return;
      const next = await nextEvidence(context, row.afterSeq);
      if (next === undefined) return end(context, runId, null);
      await verifyNext(context, { row, evidence: next, signal });
      context.jobs.wake();
    },
    giveUp: (runId, reason) => end(context, runId, reason),
    startAnew: async (transaction, runId) => {
      await transaction
        .updateTable("verificationRun")
        .set({ endedUtcMs: null, endedBecause: null })
        .where("runId", "=", runId)
        .execute();
    },
  };
}

/** The latest one, and what did not agree; null where there never was one. */
export async function latestRun(context: ServiceContext): Promise<WebVerificationRun | null> {
  const row = await context.db
    .selectFrom("verificationRun")
    .selectAll()
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  const differing = await context.db
    .selectFrom("verification")
    .innerJoin("evidence", "evidence.evidenceId", "verification.evidenceId")
    .select(["evidence.evidenceId", "evidence.name"])
    .where("verification.outcome", "=", "failed")
    .where("evidence.lifecycleState", "!=", "Deleted")
    .orderBy("evidence.seq")
    .limit(NAMED_MOST)
    .execute();
  const { startedUtcMs, endedUtcMs, endedBecause, checked } = row;
  return {
    startedUtc: isoInstant(startedUtcMs),
    endedUtc: endedUtcMs === null ? null : isoInstant(endedUtcMs),
    endedBecause,
    checked,
    differing: row.differing,
    named: differing,
  };
}

interface Next {
  readonly row: VerificationRunRow;
  readonly evidence: { readonly seq: number; readonly evidenceId: string };
  readonly signal: AbortSignal;
}

async function verifyNext(context: ServiceContext, { row, evidence, signal }: Next): Promise<void> {
  const { evidenceId, seq } = evidence;
  const { runId, afterSeq } = row;
  const verification = await verifyEvidence(context, evidenceId, { depth: "whole", signal });
  signal.throwIfAborted();
  const differing = row.differing + (verification.outcome === "failed" ? 1 : 0);
  await context.db.transaction().execute(async (transaction) => {
    const moved = await transaction
      .updateTable("verificationRun")
      .set({ afterSeq: seq, checked: row.checked + 1, differing })
      .where("runId", "=", runId)
      .where("afterSeq", "=", afterSeq)
      .where("endedUtcMs", "is", null)
      .returning("runId")
      .execute();
    // Cancelled meanwhile, or another process had the same job.
    if (moved.length === 0) return;
    await keepVerdict(transaction, { actor: row.startedBy, evidenceId, verification });
    await context.jobs.add(transaction, [{ kind: VERIFY_EVERYTHING, subject: runId }]);
  });
}

function runRow({ db }: ServiceContext, runId: string): Promise<VerificationRunRow | undefined> {
  return db.selectFrom("verificationRun").selectAll().where("runId", "=", runId).executeTakeFirst();
}

function nextEvidence({ db }: ServiceContext, afterSeq: number) {
  return db
    .selectFrom("evidence")
    .select(["seq", "evidenceId"])
    .where("seq", ">", afterSeq)
    .where("completionJson", "is not", null)
    .where("lifecycleState", "!=", "Deleted")
    .orderBy("seq")
    .limit(1)
    .executeTakeFirst();
}

async function end(context: ServiceContext, runId: string, endedBecause: string | null): Promise<void> {
  const atUtcMs = context.now();
  await context.db.transaction().execute(async (transaction) => {
    const run = await transaction
      .updateTable("verificationRun")
      .set({ endedUtcMs: atUtcMs, endedBecause })
      .where("runId", "=", runId)
      .where("endedUtcMs", "is", null)
      .returning(["startedBy", "checked", "differing"])
      .executeTakeFirst();
    if (run === undefined) return;
    const { startedBy: actor, checked, differing } = run;
    const entry = { atUtcMs, actor, action: "VERIFY_EVERYTHING_ENDED", subject: runId };
    await appendAudit(transaction, { ...entry, detail: { checked, differing, endedBecause } });
  });
}
