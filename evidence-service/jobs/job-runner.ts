import { BlobsUnreachable } from "../storage/blob-store.ts";
import type { Metadata } from "../storage/metadata-tables.ts";

export const CONSOLIDATE = "consolidate";
const FIRST_RETRY_MS = 1_000;
const MAX_ATTEMPTS = 6;
/** Where the stored files cannot be reached no job is to blame, so none is given up for it. */
const UNREACHABLE_RETRY_MS = 15_000;

const LONGEST_WAIT_MS = Math.max(UNREACHABLE_RETRY_MS, FIRST_RETRY_MS * 2 ** MAX_ATTEMPTS);

export interface JobKind {
  /** May run again after a crash. What it throws is tried again; expected outcomes it records itself. */
  run(subject: string): Promise<void>;
  /** Called once when a job is given up. */
  giveUp(subject: string, reason: string): Promise<void>;
}

export interface JobRunnerParts {
  readonly db: Metadata;
  readonly now: () => number;
  readonly kinds: ReadonlyMap<string, JobKind>;
  readonly report: (error: unknown, message: string) => void;
  /** Told of each run of a job. */
  readonly measured: (kind: string, outcome: "done" | "failed", seconds: number) => void;
}

/**
 * Runs the durable jobs one after the other, oldest first; a failed one waits 1, 2, 4… seconds, one that the
 * store kept waiting 15.
 */
export class JobRunner {
  readonly #parts: JobRunnerParts;
  #running: Promise<void> | null = null;
  #wokenMeanwhile = false;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(parts: JobRunnerParts) {
    this.#parts = parts;
  }

  /** A job may be waiting: look. */
  wake(): void {
    if (this.#closed) return;
    if (this.#running !== null) {
      this.#wokenMeanwhile = true;
      return;
    }
    this.#wokenMeanwhile = false;
    this.#running = this.#runAll()
      .catch((error: unknown) => this.#parts.report(error, "the jobs could not be read"))
      .finally(() => {
        this.#running = null;
        if (this.#wokenMeanwhile) this.wake();
      });
  }

  /** Waits for the job that runs; no other starts. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#running;
  }

  async #runAll(): Promise<void> {
    while (!this.#closed) {
      const job = await this.#parts.db
        .selectFrom("job")
        .selectAll()
        .where("state", "=", "Waiting")
        .orderBy("notBeforeUtcMs")
        .orderBy("seq")
        .limit(1)
        .executeTakeFirst();
      if (job === undefined) return;
      const waitMs = job.notBeforeUtcMs - this.#parts.now();
      // Longer than any wait: the clock was set back meanwhile.
      if (waitMs > 0 && waitMs <= LONGEST_WAIT_MS) return this.#wakeIn(waitMs);
      await this.#runOne(job);
    }
  }

  #wakeIn(waitMs: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.wake(), waitMs);
    this.#timer.unref();
  }

  async #runOne(job: { seq: number; kind: string; subject: string; attempts: number }): Promise<void> {
    const kind = this.#parts.kinds.get(job.kind);
    const beganMs = performance.now();
    const measured = (outcome: "done" | "failed"): void =>
      this.#parts.measured(job.kind, outcome, (performance.now() - beganMs) / 1_000);
    try {
      if (kind === undefined) throw new Error(`There is no job of kind ${job.kind}.`);
      await kind.run(job.subject);
      measured("done");
      await this.#settle(job.seq, { state: "Done" });
    } catch (error) {
      measured("failed");
      this.#parts.report(error, `job ${job.kind} of ${job.subject} failed`);
      const detail = error instanceof Error ? error.message : String(error);
      if (error instanceof BlobsUnreachable) {
        await this.#settle(job.seq, { notBeforeUtcMs: this.#parts.now() + UNREACHABLE_RETRY_MS, detail });
        return;
      }
      const attempts = job.attempts + 1;
      if (attempts >= MAX_ATTEMPTS) {
        await kind?.giveUp(job.subject, detail);
        await this.#settle(job.seq, { state: "Failed", attempts, detail });
        return;
      }
      const notBeforeUtcMs = this.#parts.now() + FIRST_RETRY_MS * 2 ** job.attempts;
      await this.#settle(job.seq, { attempts, notBeforeUtcMs, detail });
    }
  }

  async #settle(
    seq: number,
    change: { state?: "Done" | "Failed"; attempts?: number; notBeforeUtcMs?: number; detail?: string },
  ): Promise<void> {
    await this.#parts.db.updateTable("job").set(change).where("seq", "=", seq).execute();
  }
}

export async function countWaiting(db: Metadata): Promise<number> {
  const { count } = await db
    .selectFrom("job")
    .select((e) => e.fn.countAll<number>().as("count"))
    .where("state", "=", "Waiting")
    .executeTakeFirstOrThrow();
  return Number(count);
}
