/**
 * Jobs in a table of SQLite, which one process has for itself: one after the other, the oldest first; a failed one waits
 * 1, 2, 4… seconds, one that the store kept waiting 15.
 */
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import type { JobRow } from "../storage/metadata-rows.ts";
import { attempt, type AttemptEnd, MAX_ATTEMPTS, UNREACHABLE_RETRY_MS } from "./job-attempt.ts";
import {
  FIRST_RETRY_MS,
  type Job,
  type JobKind,
  type JobQueue,
  type JobQueueParts,
  type JobRef,
  type JobState,
  type NewJob,
} from "./job-queue.ts";
import { RunningJobs } from "./running-jobs.ts";

const STATES = { waiting: "Waiting", running: "Running", failed: "Failed" } as const;
const NAMES = { Waiting: "waiting", Running: "running", Failed: "failed" } as const;

interface Running {
  readonly seq: number;
  readonly abort: AbortController;
}

export class TableJobs implements JobQueue {
  readonly #parts: JobQueueParts & { readonly db: Metadata };
  readonly #firstRetryMs: number;
  readonly #longestWaitMs: number;
  readonly #running: RunningJobs;
  #kinds: ReadonlyMap<string, JobKind> = new Map();
  #current: Running | null = null;
  #work: Promise<void> | null = null;
  #wokenMeanwhile = false;
  #timer: NodeJS.Timeout | null = null;
  #isOpen = false;

  constructor(parts: JobQueueParts & { readonly db: Metadata }) {
    this.#parts = parts;
    this.#firstRetryMs = parts.firstRetryMs ?? FIRST_RETRY_MS;
    this.#longestWaitMs = Math.max(UNREACHABLE_RETRY_MS, this.#firstRetryMs * 2 ** MAX_ATTEMPTS);
    this.#running = new RunningJobs(parts);
  }

  async add(transaction: MetadataTransaction, jobs: readonly NewJob[]): Promise<void> {
    if (jobs.length === 0) return;
    const nowUtcMs = this.#parts.now();
    const times = { notBeforeUtcMs: nowUtcMs, sinceUtcMs: nowUtcMs };
    const rows = jobs.map((job) => ({ ...job, state: STATES.waiting, attempts: 0, ...times }));
    await transaction.insertInto("job").values(rows).execute();
  }

  async prepare(kinds: ReadonlyMap<string, JobKind>): Promise<void> {
    this.#kinds = kinds;
  }

  async start(): Promise<void> {
    this.#isOpen = true;
    this.wake();
  }

  wake(): void {
    if (!this.#isOpen) return;
    if (this.#work !== null) {
      this.#wokenMeanwhile = true;
      return;
    }
    this.#wokenMeanwhile = false;
    this.#work = this.#runAll()
      .catch((error: unknown) => {
        this.#parts.report(error, "the jobs cannot be read");
        this.#wakeIn(UNREACHABLE_RETRY_MS);
      })
      .finally(() => {
        this.#work = null;
        if (this.#wokenMeanwhile) this.wake();
      });
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#current?.abort.abort();
    await this.#work;
  }

  async count(state: JobState): Promise<number> {
    const { count } = await this.#parts.db
      .selectFrom("job")
      .select((e) => e.fn.countAll<number>().as("count"))
      .where("state", "=", STATES[state])
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  async list(state: JobState, limit: number): Promise<Job[]> {
    const rows = await this.#parts.db
      .selectFrom("job")
      .selectAll()
      .where("state", "=", STATES[state])
      .orderBy("seq")
      .limit(limit)
      .execute();
    const running = state === "running" ? await this.#running.list(limit) : [];
    return rows.map((row) => {
      const { done = null, total = null } = running.find(({ jobId }) => jobId === String(row.seq)) ?? {};
      return { ...jobOf(row), progress: done === null || total === null ? null : { done, total } };
    });
  }

  async startAnew(ref: JobRef, actor: string): Promise<Job | null> {
    const found = await this.#parts.db.transaction().execute(async (transaction) => {
      const nowUtcMs = this.#parts.now();
      const times = { notBeforeUtcMs: nowUtcMs, sinceUtcMs: nowUtcMs };
      const row = await transaction
        .updateTable("job")
        .set({ state: STATES.waiting, attempts: 0, ...times })
        .where("kind", "=", ref.kind)
        .where("seq", "=", seqOf(ref))
        .where("state", "=", STATES.failed)
        .returningAll()
        .executeTakeFirst();
      if (row === undefined) return null;
      const job = jobOf(row);
      await this.#kinds.get(job.kind)?.startAnew?.(transaction, job.subject);
      await this.#parts.record(transaction, { action: "JOB_STARTED_ANEW", actor, job });
      return job;
    });
    this.wake();
    return found;
  }

  async cancel(ref: JobRef, actor: string): Promise<Job | null> {
    const row = await this.#parts.db
      .selectFrom("job")
      .selectAll()
      .where("kind", "=", ref.kind)
      .where("seq", "=", seqOf(ref))
      .where("state", "!=", STATES.failed)
      .executeTakeFirst();
    if (row === undefined) return null;
    const job = jobOf(row);
    // First, so that a crash leaves a job that settles the same again.
    await this.#kinds.get(job.kind)?.giveUp(job.subject, `It was cancelled by ${actor}.`);
    await this.#parts.db.transaction().execute(async (transaction) => {
      await transaction.deleteFrom("job").where("seq", "=", row.seq).execute();
      await this.#parts.record(transaction, { action: "JOB_CANCELLED", actor, job });
    });
    if (this.#current?.seq === row.seq) this.#current.abort.abort();
    return job;
  }

  async #runAll(): Promise<void> {
    await this.#takeBack();
    while (this.#isOpen) {
      const row = await this.#parts.db
        .selectFrom("job")
        .selectAll()
        .where("state", "=", STATES.waiting)
        // What a later version added waits until that one is back.
        .where("kind", "in", [...this.#kinds.keys()])
        .orderBy("notBeforeUtcMs")
        .orderBy("seq")
        .limit(1)
        .executeTakeFirst();
      if (row === undefined) return;
      const waitMs = row.notBeforeUtcMs - this.#parts.now();
      // Longer than any wait: the clock was set back meanwhile.
      if (waitMs > 0 && waitMs <= this.#longestWaitMs) return this.#wakeIn(waitMs);
      await this.#runOne(row);
    }
  }

  /** None runs now: what is marked so was cut off, by the end of a process or by a database that failed. */
  async #takeBack(): Promise<void> {
    await this.#parts.db
      .updateTable("job")
      .set({ state: STATES.waiting })
      .where("state", "=", STATES.running)
      .execute();
    await this.#running.forgetAll();
  }

  #wakeIn(waitMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.wake(), waitMs);
    this.#timer.unref();
  }

  async #runOne(row: JobRow): Promise<void> {
    const { seq, attempts } = row;
    const job = jobOf(row);
    const abort = new AbortController();
    const begun = { state: STATES.running, attempts: attempts + 1, sinceUtcMs: this.#parts.now() };
    if (!(await this.#set(seq, STATES.waiting, begun))) return;
    this.#current = { seq, abort };
    try {
      const progress = await this.#running.begin(job);
      const run = { signal: abort.signal, progress };
      const end = await attempt({ job, kind: this.#kinds.get(job.kind), attempts, run }, this.#parts);
      await this.#settle(seq, attempts, end);
    } finally {
      this.#current = null;
      await this.#running.end(job);
    }
  }

  async #settle(seq: number, attempts: number, end: AttemptEnd): Promise<void> {
    const nowUtcMs = this.#parts.now();
    if (end.ended === "done") {
      await this.#parts.db.deleteFrom("job").where("seq", "=", seq).execute();
      return;
    }
    const { ended, detail } = end;
    const waiting = { state: STATES.waiting, sinceUtcMs: nowUtcMs, detail };
    if (ended === "given-up") {
      await this.#set(seq, STATES.running, { ...waiting, state: STATES.failed });
    } else if (ended === "later") {
      // One that ended because the service ends goes on at the next start.
      const notBeforeUtcMs = nowUtcMs + (this.#isOpen ? UNREACHABLE_RETRY_MS : 0);
      await this.#set(seq, STATES.running, { ...waiting, attempts, notBeforeUtcMs });
    } else {
      const notBeforeUtcMs = nowUtcMs + this.#firstRetryMs * 2 ** attempts;
      await this.#set(seq, STATES.running, { ...waiting, notBeforeUtcMs });
    }
  }

  /** @returns whether the job was there, in this state */
  async #set(
    seq: number,
    was: JobRow["state"],
    change: Partial<Omit<JobRow, "seq" | "kind" | "subject">>,
  ): Promise<boolean> {
    const { numUpdatedRows } = await this.#parts.db
      .updateTable("job")
      .set(change)
      .where("seq", "=", seq)
      .where("state", "=", was)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }
}

function jobOf({ seq, kind, subject, state, sinceUtcMs, detail }: JobRow): Job {
  return { jobId: String(seq), kind, subject, state: NAMES[state], sinceUtcMs, progress: null, detail };
}

const seqOf = ({ jobId }: JobRef): number => (/^\d{1,15}$/.test(jobId) ? Number(jobId) : -1);
