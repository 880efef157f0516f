/** What runs, and how far it has come, where every process of the service sees it. */
import type { Metadata } from "../storage/metadata-tables.ts";
import type { RunningJobRow } from "../storage/metadata-rows.ts";
import type { JobRef, NewJob } from "./job-queue.ts";

const KEPT_EVERY_MS = 2_000;

export interface RunningJobsParts {
  readonly db: Metadata;
  readonly now: () => number;
  readonly report: (error: unknown, message: string) => void;
}

export class RunningJobs {
  readonly #parts: RunningJobsParts;

  constructor(parts: RunningJobsParts) {
    this.#parts = parts;
  }

  /** @returns takes how far it has come, and keeps it now and then */
  async begin({ kind, jobId, subject }: JobRef & NewJob): Promise<(done: number, total: number) => void> {
    const { db, now } = this.#parts;
    const row = { kind, jobId, subject, startedUtcMs: now(), done: null, total: null };
    await db
      .insertInto("runningJob")
      .values(row)
      .onConflict((conflict) => conflict.columns(["kind", "jobId"]).doUpdateSet(row))
      .execute();
    let keptAtMs = performance.now();
    return (done, total) => {
      const isLast = done === total;
      if (performance.now() - keptAtMs < KEPT_EVERY_MS && !isLast) return;
      keptAtMs = performance.now();
      void this.#keep({ kind, jobId }, { done, total });
    };
  }

  async end(ref: JobRef): Promise<void> {
    await this.#parts.db
      .deleteFrom("runningJob")
      .where("kind", "=", ref.kind)
      .where("jobId", "=", ref.jobId)
      .execute();
  }

  list(limit: number): Promise<RunningJobRow[]> {
    return this.#parts.db.selectFrom("runningJob").selectAll().orderBy("startedUtcMs").limit(limit).execute();
  }

  /** Where only one process runs jobs, none runs when it starts. */
  async forgetAll(): Promise<void> {
    await this.#parts.db.deleteFrom("runningJob").execute();
  }

  async #keep(ref: JobRef, progress: { readonly done: number; readonly total: number }): Promise<void> {
    try {
      await this.#parts.db
        .updateTable("runningJob")
        .set(progress)
        .where("kind", "=", ref.kind)
        .where("jobId", "=", ref.jobId)
        .execute();
    } catch (error) {
      this.#parts.report(error, `how far a job ${ref.kind} has come cannot be kept`);
    }
  }
}
