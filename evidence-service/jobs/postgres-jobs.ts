/**
 * Jobs in PostgreSQL, by pg-boss: any number of processes take them, each one is run by one of them at a time. A process
 * that ends loses its jobs half a minute later to the others. What fails is completed and sent anew, to a later time, in
 * one transaction; what is given up goes to a queue that nobody works at.
 */
import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { fromKysely, type JobWithMetadata, PgBoss } from "pg-boss";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import { MetadataWentBack } from "../storage/metadata-unreachable.ts";
import { TrailMark, trailMarkOf } from "../storage/trail-mark.ts";
import { compareTrail, type Connected } from "../storage/postgres/admission.ts";
import { MissingTables } from "../storage/postgres/missing-tables.ts";
import { asMetadataError } from "../storage/postgres/postgres-errors.ts";
import {
  clientSettings,
  NOT_STANDING_STILL,
  type PostgresPlace,
} from "../storage/postgres/postgres-place.ts";
import { OF_POOLS } from "../storage/postgres/watched-client.ts";
import { type CarriedJob, FAILED_ENDING } from "./carried-jobs.ts";
import { attempt, type AttemptEnd, UNREACHABLE_RETRY_MS } from "./job-attempt.ts";
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

/** What a job carries from one incarnation to the next. */
interface Carried {
  readonly subject: string;
  /** How often it was begun before this incarnation. */
  readonly attempts: number;
  readonly detail: string | null;
}

const YEAR_S = 365 * 24 * 3_600;
const POLL_EVERY_S = 2;
const CONNECTIONS_MOST = 4;
/** Of what pg-boss asks by itself: it also clears away what is over. */
const STATEMENT_WITHIN_MS = 300_000;
const HELD_UP = {
  ...NOT_STANDING_STILL,
  statement_timeout: STATEMENT_WITHIN_MS,
  answersWithinMs: STATEMENT_WITHIN_MS + 10_000,
} as const;
/** What pg-boss counts itself is as old as its last look. */
const COUNTED_MOST = 1_000;
/** pg-boss runs again what a process did not end: as often as it takes, since we count. */
const AS_OFTEN_AS_IT_TAKES = 1_000;
const QUEUE = {
  retryLimit: AS_OFTEN_AS_IT_TAKES,
  retryDelay: 0,
  heartbeatSeconds: 30,
  expireInSeconds: 24 * 3_600 - 1,
  // Nothing goes because it waited for long.
  retentionSeconds: 10 * YEAR_S,
  deleteAfterSeconds: 3_600,
} as const;

const failedOf = (kind: string): string => `${kind}${FAILED_ENDING}`;

export interface PostgresJobsParts extends JobQueueParts {
  readonly db: Metadata;
  readonly place: PostgresPlace;
  readonly warn: (message: string) => void;
  /** How long after a process ended its jobs go to others, seconds, 10 or more; 30 unless a test says otherwise. */
  readonly leaseS?: number;
}

export class PostgresJobs implements JobQueue {
  readonly #parts: PostgresJobsParts;
  readonly #boss: PgBoss;
  readonly #running: RunningJobs;
  readonly #mark: TrailMark;
  readonly #missing: MissingTables;
  readonly #aborts = new Map<string, AbortController>();
  readonly #workers: string[] = [];
  #kinds: ReadonlyMap<string, JobKind> = new Map();
  #isClosing = false;

  constructor(parts: PostgresJobsParts) {
    this.#parts = parts;
    this.#running = new RunningJobs(parts);
    const { application_name: _, ...connection } = clientSettings(parts.place);
    const leaseS = parts.leaseS ?? QUEUE.heartbeatSeconds;
    const mark = trailMarkOf(parts.db) ?? new TrailMark();
    this.#mark = mark;
    this.#missing = new MissingTables(mark, parts.place);
    // Nothing is taken up that a database which went back says is to be done.
    const admit = async (client: Connected): Promise<void> => {
      await compareTrail(client, mark);
      mark.insist();
    };
    this.#boss = new PgBoss({
      ...(connection as { connectionString: string; options: string }),
      ...HELD_UP,
      ...OF_POOLS,
      ...{ admit },
      ...{ application_name: "evidence-service jobs", max: CONNECTIONS_MOST },
      ...{ schema: parts.place.schema, createSchema: false, schedule: false, registerInstance: false },
      ...{ superviseIntervalSeconds: leaseS / 2, monitorIntervalSeconds: leaseS / 2 },
    });
    this.#boss.on("error", (error) => void this.#report(error));
    this.#boss.on("warning", ({ message }) => parts.warn(`the queue of jobs: ${message}`));
  }

  async add(transaction: MetadataTransaction, jobs: readonly NewJob[]): Promise<void> {
    const db = inside(transaction);
    for (const kind of new Set(jobs.map((job) => job.kind))) {
      const rows = jobs
        .filter((job) => job.kind === kind)
        .map(({ subject }) => ({ data: { subject, attempts: 0, detail: null } satisfies Carried }));
      await this.#boss.insert(kind, rows, { db });
    }
  }

  async prepare(kinds: ReadonlyMap<string, JobKind>): Promise<void> {
    this.#kinds = kinds;
    await this.#boss.start();
    const heartbeatSeconds = this.#parts.leaseS ?? QUEUE.heartbeatSeconds;
    for (const kind of kinds.keys()) {
      await this.#boss.createQueue(kind, { ...QUEUE, heartbeatSeconds });
      await this.#boss.createQueue(failedOf(kind), { retentionSeconds: QUEUE.retentionSeconds });
    }
    await this.#takeOver();
  }

  /** Nothing runs meanwhile. */
  async replaceAll(jobs: readonly CarriedJob[]): Promise<void> {
    await this.#parts.db.transaction().execute(async (transaction) => {
      const db = inside(transaction);
      await sql`DELETE FROM job`.execute(transaction);
      for (const queue of new Set(jobs.map(queueOf))) {
        const of = jobs.filter((job) => queueOf(job) === queue).map((job) => ({ id: randomUUID(), job }));
        const rows = of.map(({ id, job: { subject, attempts, detail, notBeforeUtcMs } }) => {
          const data: Carried = { subject, attempts, detail };
          return { id, data, startAfter: new Date(notBeforeUtcMs) };
        });
        await this.#boss.insert(queue, rows, { db });
        for (const { id, job } of of) {
          await sql`UPDATE job SET created_on = ${new Date(job.sinceUtcMs)},
            start_after = ${new Date(job.notBeforeUtcMs)} WHERE name = ${queue} AND id = ${id}`.execute(
            transaction,
          );
        }
      }
    });
  }

  async start(): Promise<void> {
    const options = { includeMetadata: true, pollingIntervalSeconds: POLL_EVERY_S } as const;
    for (const kind of this.#kinds.keys()) {
      const worker = await this.#boss.work<Carried, null, typeof options>(kind, options, async ([job]) => {
        if (job !== undefined) await this.#run(job);
        return null;
      });
      this.#workers.push(worker);
    }
  }

  wake(): void {
    for (const worker of this.#workers) this.#boss.notifyWorker(worker);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    for (const abort of this.#aborts.values()) abort.abort();
    await this.#boss.stop({ graceful: true, close: true });
  }

  async count(state: JobState): Promise<number> {
    return (await this.list(state, COUNTED_MOST)).length;
  }

  async list(state: JobState, limit: number): Promise<Job[]> {
    if (state === "running") return this.#listRunning(limit);
    const found: Job[] = [];
    for (const kind of this.#kinds.keys()) {
      const queue = state === "failed" ? failedOf(kind) : kind;
      const rows = await this.#asked(this.#boss.findJobs<Carried>(queue, { queued: true, limit }));
      found.push(...rows.map((row) => jobOf(kind, state, row)));
    }
    return found.toSorted((a, b) => a.sinceUtcMs - b.sinceUtcMs).slice(0, limit);
  }

  async startAnew({ kind, jobId }: JobRef, actor: string): Promise<Job | null> {
    const row = await this.#find(failedOf(kind), jobId);
    if (row === null || row.state !== "created") return null;
    const job = jobOf(kind, "failed", row);
    const isThere = await this.#parts.db.transaction().execute(async (transaction) => {
      const db = inside(transaction);
      // Transactions are one after the other: whoever comes second finds it gone.
      if ((await this.#boss.getJobById(failedOf(kind), jobId, { db })) === null) return false;
      await this.#boss.deleteJob(failedOf(kind), jobId, { db });
      await this.#send(transaction, kind, { subject: job.subject, attempts: 0, detail: job.detail });
      await this.#kinds.get(kind)?.startAnew?.(transaction, job.subject);
      await this.#parts.record(transaction, { action: "JOB_STARTED_ANEW", actor, job });
      return true;
    });
    this.wake();
    return isThere ? job : null;
  }

  async cancel({ kind, jobId }: JobRef, actor: string): Promise<Job | null> {
    const row = await this.#find(kind, jobId);
    if (row === null || !["created", "retry", "active"].includes(row.state)) return null;
    const job = jobOf(kind, row.state === "active" ? "running" : "waiting", row);
    // First, so that a crash leaves a job that settles the same again.
    await this.#kinds.get(kind)?.giveUp(job.subject, `It was cancelled by ${actor}.`);
    await this.#parts.db.transaction().execute(async (transaction) => {
      await this.#boss.cancel(kind, jobId, { db: inside(transaction) });
      await this.#parts.record(transaction, { action: "JOB_CANCELLED", actor, job });
    });
    // Elsewhere the next heartbeat tells.
    this.#aborts.get(jobId)?.abort();
    return job;
  }

  /** What the queue hands on is a copy of an error, without what it was. */
  async #report(copy: unknown): Promise<void> {
    const error = await this.#missing.explain(copy);
    const { lost } = this.#mark;
    const reason = lost === null ? asMetadataError(error) : new MetadataWentBack(lost.seq);
    this.#parts.report(reason, "the queue of jobs");
  }

  async #run(row: JobWithMetadata<Carried>): Promise<void> {
    const { id: jobId, name: kind, data, retryCount } = row;
    const job = { kind, jobId, subject: data.subject };
    const abort = new AbortController();
    this.#aborts.set(jobId, abort);
    const signal = AbortSignal.any([abort.signal, row.signal]);
    try {
      const progress = await this.#running.begin(job);
      const attempts = data.attempts + retryCount;
      const run = { signal, progress };
      const end = await attempt({ job, kind: this.#kinds.get(kind), attempts, run }, this.#parts);
      if (end.ended !== "done") await this.#goOn(row, end);
    } finally {
      this.#aborts.delete(jobId);
      await this.#running.end(job);
      // The next one at once, and not when it is looked for again.
      this.wake();
    }
  }

  async #goOn(
    { id, name: kind, data, retryCount }: JobWithMetadata<Carried>,
    { ended, detail }: Exclude<AttemptEnd, { ended: "done" }>,
  ): Promise<void> {
    const begun = data.attempts + retryCount;
    const { subject } = data;
    await this.#parts.db.transaction().execute(async (transaction) => {
      const db = inside(transaction);
      const found = await this.#boss.getJobById(kind, id, { db });
      // Another process has it by now, or it was cancelled.
      if (found?.state !== "active" || found.retryCount !== retryCount) return;
      await this.#boss.complete(kind, { id, retryCount }, null, { db });
      if (ended === "given-up") {
        await this.#send(transaction, failedOf(kind), { subject, attempts: 0, detail });
      } else if (ended === "later") {
        // One that ended because the service ends goes to another process at once.
        const waitMs = this.#isClosing ? 0 : UNREACHABLE_RETRY_MS;
        await this.#send(transaction, kind, { subject, attempts: begun, detail }, waitMs);
      } else {
        const waitMs = (this.#parts.firstRetryMs ?? FIRST_RETRY_MS) * 2 ** begun;
        await this.#send(transaction, kind, { subject, attempts: begun + 1, detail }, waitMs);
      }
    });
  }

  async #send(transaction: MetadataTransaction, queue: string, data: Carried, afterMs = 0): Promise<void> {
    const db = inside(transaction);
    const startAfter = Math.ceil(afterMs / 1_000);
    await this.#boss.send(queue, data, startAfter === 0 ? { db } : { db, startAfter });
  }

  /** Jobs from before pg-boss, once. */
  async #takeOver(): Promise<void> {
    await this.#parts.db.transaction().execute(async (transaction) => {
      const earlier = await transaction.deleteFrom("earlierJob").returningAll().execute();
      await this.add(transaction, earlier);
    });
  }

  async #listRunning(limit: number): Promise<Job[]> {
    const rows = await this.#running.list(limit);
    const shown: Job[] = [];
    for (const row of rows) {
      const { kind, jobId, subject, startedUtcMs, done, total } = row;
      const found = await this.#find(kind, jobId);
      // Of a process that ended in the midst of it.
      if (found?.state !== "active") continue;
      const progress = done === null || total === null ? null : { done, total };
      const detail = found.data.detail;
      shown.push({ kind, jobId, subject, state: "running", sinceUtcMs: startedUtcMs, progress, detail });
    }
    return shown;
  }

  async #find(queue: string, jobId: string): Promise<JobWithMetadata<Carried> | null> {
    const isKnown = [...this.#kinds.keys()].some((kind) => queue === kind || queue === failedOf(kind));
    if (!isKnown || !/^[0-9a-f-]{36}$/.test(jobId)) return null;
    return this.#asked(this.#boss.getJobById<Carried>(queue, jobId));
  }

  /** The queue has connections of its own. @throws MetadataUnreachable */
  async #asked<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw asMetadataError(await this.#missing.explain(error));
    }
  }
}

const queueOf = ({ kind, isGivenUp }: CarriedJob): string => (isGivenUp ? failedOf(kind) : kind);

/** For a service that does not run: its queue holds these jobs from now on, and no others. */
export async function replaceInPostgres(
  db: Metadata,
  place: PostgresPlace,
  jobs: readonly CarriedJob[],
): Promise<void> {
  const failures: unknown[] = [];
  const ignored = (): void => undefined;
  const queue = new PostgresJobs({
    ...{ db, place, now: Date.now, warn: ignored, measured: ignored, record: async () => undefined },
    report: (error) => void failures.push(error),
  });
  const nothing = { run: async () => undefined, giveUp: async () => undefined };
  await queue.prepare(new Map(jobs.map(({ kind }) => [kind, nothing])));
  try {
    await queue.replaceAll(jobs);
  } finally {
    await queue.close();
  }
}

const inside = (transaction: MetadataTransaction) => fromKysely(transaction);

function jobOf(kind: string, state: JobState, row: JobWithMetadata<Carried>): Job {
  const { subject, detail } = row.data;
  const sinceUtcMs = row.createdOn.getTime();
  return { kind, jobId: row.id, subject, state, sinceUtcMs, progress: null, detail };
}
