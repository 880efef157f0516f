/**
 * Lets evidence go as its retention says, as a job: into the recycle bin, out of it where something keeps it again, and from
 * there for good. Nothing goes on a clock that leapt.
 */
import type { ServiceContext } from "../context/service-context.ts";
import { KEEP_RETENTION } from "../jobs/job-kinds.ts";
import type { JobKind } from "../jobs/job-queue.ts";
import { dueEvidence, type DueAfter, retainedEvidence } from "./due-evidence.ts";
import { fillInClosings } from "./closings.ts";
import { putIntoBin, removeForGood, takeOutOfBin } from "./recycle-bin.ts";
import type { RetentionClock } from "./retention-clock.ts";
import { readRetention } from "./retention-settings.ts";
import { DAY_MS } from "./rule.ts";

const PAGE = 100;
const EVERY_MS = 3_600_000;
/** There is one retention. */
const SUBJECT = "evidence";
const ACTOR = "system";

export interface KeepingParts {
  readonly context: Pick<ServiceContext, "db" | "jobs">;
  readonly clock: RetentionClock;
}

/** Looks at the clock again and again, and has the job run once an hour. */
export class RetentionWatch {
  readonly #parts: KeepingParts;
  readonly #passedMs: () => number;
  #ranAtMs: number | null = null;

  constructor(parts: KeepingParts, passedMs: () => number) {
    this.#parts = parts;
    this.#passedMs = passedMs;
  }

  /** @param hasTurn whether this service is the one that does what only one may */
  async look({ hasTurn }: { readonly hasTurn: boolean }): Promise<void> {
    const { context, clock } = this.#parts;
    if (!(await hasSomethingToKeep(context))) return;
    const isBelieved = (await clock.look({ keeps: hasTurn })) !== null;
    if (!hasTurn || !isBelieved) return;
    if (this.#ranAtMs !== null && this.#passedMs() - this.#ranAtMs < EVERY_MS) return;
    this.#ranAtMs = this.#passedMs();
    const { db, jobs } = context;
    await db
      .transaction()
      .execute((transaction) => jobs.add(transaction, [{ kind: KEEP_RETENTION, subject: SUBJECT }]));
    jobs.wake();
  }
}

/** Where nobody said how long anything is kept, nothing is watched. */
async function hasSomethingToKeep({ db }: Pick<ServiceContext, "db">): Promise<boolean> {
  const { looseDays, uncategorisedDays } = await readRetention(db);
  if (looseDays !== null || uncategorisedDays !== null) return true;
  const ofCategory = await db
    .selectFrom("category")
    .select("categoryId")
    .where("retentionDays", "is not", null)
    .limit(1)
    .executeTakeFirst();
  if (ofCategory !== undefined) return true;
  return (await db.selectFrom("binned").select("evidenceId").limit(1).executeTakeFirst()) !== undefined;
}

export function retentionJob(parts: KeepingParts): JobKind {
  return {
    run: (_, { signal }) => keepRetention(parts, signal),
    // An administrator sees it among those that failed, with the reason; an hour later there is another.
    giveUp: async () => undefined,
  };
}

/** Done twice, the second one finds nothing to do. */
export async function keepRetention({ context, clock }: KeepingParts, signal: AbortSignal): Promise<void> {
  const atUtcMs = await clock.look({ keeps: false });
  if (atUtcMs === null) return;
  await fillInClosings(context, atUtcMs);
  await goOverBin(context, { atUtcMs, signal });
  await putDueIntoBin(context, { atUtcMs, signal });
  context.jobs.wake();
}

interface Run {
  readonly atUtcMs: number;
  readonly signal: AbortSignal;
}

async function putDueIntoBin({ db }: Pick<ServiceContext, "db">, { atUtcMs, signal }: Run): Promise<void> {
  for (let after: DueAfter | null = null; ;) {
    signal.throwIfAborted();
    const settings = await readRetention(db);
    const page: Awaited<ReturnType<typeof dueEvidence>> = await dueEvidence(db, settings, {
      ...{ untilUtcMs: atUtcMs, after, limit: PAGE },
    });
    for (const { evidenceId } of page) {
      signal.throwIfAborted();
      await db.transaction().execute(async (transaction) => {
        // What was protected or reopened since stays.
        const retained = await retainedEvidence(transaction, await readRetention(transaction), evidenceId);
        if (retained === null || retained.goesUtcMs === null || retained.goesUtcMs > atUtcMs) return;
        await putIntoBin(transaction, { evidenceId, actor: ACTOR, atUtcMs, because: retained.because });
      });
    }
    after = page.at(-1) ?? null;
    if (page.length < PAGE) return;
  }
}

/** What is kept again comes back by itself; what lay there long enough goes. */
async function goOverBin(context: KeepingParts["context"], { atUtcMs, signal }: Run): Promise<void> {
  const { db } = context;
  for (let after = ""; ;) {
    const page = await db
      .selectFrom("binned")
      .select("evidenceId")
      .where("evidenceId", ">", after)
      .orderBy("evidenceId")
      .limit(PAGE)
      .execute();
    for (const { evidenceId } of page) {
      signal.throwIfAborted();
      await goOverOne(context, evidenceId, atUtcMs);
    }
    after = page.at(-1)?.evidenceId ?? "";
    if (page.length < PAGE) return;
  }
}

async function goOverOne(
  context: KeepingParts["context"],
  evidenceId: string,
  atUtcMs: number,
): Promise<void> {
  await context.db.transaction().execute(async (transaction) => {
    const settings = await readRetention(transaction);
    const retained = await retainedEvidence(transaction, settings, evidenceId);
    const step = { evidenceId, actor: ACTOR, atUtcMs };
    if (retained === null || retained.goesUtcMs === null || retained.goesUtcMs > atUtcMs) {
      await takeOutOfBin(transaction, { ...step, because: "it is kept again" });
      return;
    }
    const row = await transaction
      .selectFrom("binned")
      .select(["binnedUtcMs", "because"])
      .where("evidenceId", "=", evidenceId)
      .executeTakeFirst();
    if (row === undefined || row.binnedUtcMs + settings.binDays * DAY_MS > atUtcMs) return;
    await removeForGood(context, transaction, { ...step, because: row.because });
  });
}
