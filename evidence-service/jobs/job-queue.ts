/**
 * Work that outlives a request: at least once, whatever ends in the midst of it. What a job does must bear being done
 * twice; what it is about is named in it by an id, and read when it runs.
 */
import type { MetadataTransaction } from "../storage/metadata-tables.ts";

export interface NewJob {
  /** One of the kinds that the queue was started with. */
  readonly kind: string;
  /** The id of what it is about. */
  readonly subject: string;
}

/** A job that runs. */
export interface JobRun {
  /** Ends it early: it was cancelled, another process has it by now, or this one ends and it goes on elsewhere. */
  readonly signal: AbortSignal;
  /** Tells how far it has come; kept at most every two seconds. */
  readonly progress: (done: number, total: number) => void;
}

export interface JobKind {
  /** May run again after a crash. What it throws is tried again; expected outcomes it records itself. */
  run(subject: string, run: JobRun): Promise<void>;
  /** Settles that the job is given up or cancelled; may be called again after a crash. */
  giveUp(subject: string, reason: string): Promise<void>;
  /** Takes back what giving up settled, because an administrator starts it anew. */
  startAnew?(transaction: MetadataTransaction, subject: string): Promise<void>;
}

export type JobState = "waiting" | "running" | "failed";
export const JOB_STATES: readonly JobState[] = ["waiting", "running", "failed"];

export interface Job extends NewJob {
  /** Unique among those of its kind. */
  readonly jobId: string;
  readonly state: JobState;
  /** Milliseconds UTC: since when it waits, runs, or is given up. */
  readonly sinceUtcMs: number;
  /** Null unless it runs and tells. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  /** Why it did not succeed, the last time; null where it never failed. */
  readonly detail: string | null;
}

export type JobRef = Pick<Job, "kind" | "jobId">;

/** Told of each run of a job. */
export type JobMeasure = (kind: string, end: "done" | "failed", seconds: number) => void;

export interface JobQueue {
  /** They are there if the transaction commits, and only then. `wake` afterwards has them looked at at once. */
  add(transaction: MetadataTransaction, jobs: readonly NewJob[]): Promise<void>;
  wake(): void;
  /** Before anything else: from now on jobs are taken in. */
  prepare(kinds: ReadonlyMap<string, JobKind>): Promise<void>;
  /** From now on jobs run here; those that ended with a process are run again. */
  start(): Promise<void>;
  /** A thousand stands for more. */
  count(state: JobState): Promise<number>;
  /** The oldest first, at most `limit`. */
  list(state: JobState, limit: number): Promise<Job[]>;
  /** @returns null where none of them is given up under this id */
  startAnew(ref: JobRef, actor: string): Promise<Job | null>;
  /** Also one that runs, whatever process runs it. @returns null where there is none that waits or runs */
  cancel(ref: JobRef, actor: string): Promise<Job | null>;
  /** What runs here is told to end, and waited for; nothing else starts. */
  close(): Promise<void>;
}

/** Of what an administrator did to a job. */
export interface JobAudit {
  readonly action: "JOB_STARTED_ANEW" | "JOB_CANCELLED";
  readonly actor: string;
  readonly job: NewJob;
}

/** Written in the transaction of the change. */
export type RecordJob = (transaction: MetadataTransaction, entry: JobAudit) => Promise<void>;

/** What both queues are made of. */
export interface JobQueueParts {
  readonly now: () => number;
  readonly report: (error: unknown, message: string) => void;
  readonly measured: JobMeasure;
  readonly record: RecordJob;
  /** The wait after the first failure; it doubles each time. Milliseconds, 1,000 unless a test says otherwise. */
  readonly firstRetryMs?: number;
}

export const FIRST_RETRY_MS = 1_000;
