/** Jobs as they go from one queue to another, whichever engines have them. */
import { sql } from "kysely";
import type { Metadata } from "../storage/metadata-tables.ts";
import type { NewJob } from "./job-queue.ts";

export interface CarriedJob extends NewJob {
  /** Whether it waits for an administrator, and not for its turn. */
  readonly isGivenUp: boolean;
  /** How often it was begun. */
  readonly attempts: number;
  /** Milliseconds UTC. */
  readonly notBeforeUtcMs: number;
  readonly sinceUtcMs: number;
  readonly detail: string | null;
}

/** What pg-boss's queues of jobs that were given up are called beside those of their kind. */
export const FAILED_ENDING = ".failed";

/** Every job of a service that is stopped; one that ran when it ended waits again. In an order that both engines give. */
export async function carriedJobs(db: Metadata, engine: "sqlite" | "postgres"): Promise<CarriedJob[]> {
  const jobs = engine === "sqlite" ? await inTable(db) : [...(await inBoss(db)), ...(await earlier(db))];
  return jobs.toSorted(inOrder);
}

function inOrder(a: CarriedJob, b: CarriedJob): number {
  if (a.notBeforeUtcMs !== b.notBeforeUtcMs) return a.notBeforeUtcMs - b.notBeforeUtcMs;
  const [one, other] = [JSON.stringify(a), JSON.stringify(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}

async function inTable(db: Metadata): Promise<CarriedJob[]> {
  const rows = await db.selectFrom("job").selectAll().execute();
  return rows.map(({ kind, subject, state, attempts, notBeforeUtcMs, sinceUtcMs, detail }) => ({
    ...{ kind, subject, isGivenUp: state === "Failed", attempts },
    ...{ notBeforeUtcMs: Math.round(notBeforeUtcMs), sinceUtcMs: Math.round(sinceUtcMs), detail },
  }));
}

interface BossRow {
  readonly name: string;
  readonly data: { readonly subject: string; readonly attempts: number; readonly detail: string | null };
  readonly state: string;
  readonly retryCount: number;
  readonly startAfter: Date;
  readonly createdOn: Date;
}

async function inBoss(db: Metadata): Promise<CarriedJob[]> {
  const { rows: there } = await sql<{ isThere: boolean }>`
    SELECT to_regclass('job') IS NOT NULL AS "isThere"`.execute(db);
  if (there[0]?.isThere !== true) return [];
  const { rows } = await sql<BossRow>`
    SELECT name, data, state::text AS state, retry_count AS "retryCount", start_after AS "startAfter",
      created_on AS "createdOn"
    FROM job WHERE state IN ('created', 'retry', 'active')`.execute(db);
  return rows
    .filter(({ name }) => !name.startsWith("__pgboss"))
    .map(({ name, data, state, retryCount, startAfter, createdOn }) => {
      const isGivenUp = name.endsWith(FAILED_ENDING);
      return {
        kind: isGivenUp ? name.slice(0, -FAILED_ENDING.length) : name,
        subject: data.subject,
        isGivenUp,
        // One that a process did not end was begun once more than it tells.
        attempts: data.attempts + retryCount + (state === "active" ? 1 : 0),
        notBeforeUtcMs: startAfter.getTime(),
        sinceUtcMs: createdOn.getTime(),
        detail: data.detail,
      };
    });
}

/** Of a service that has not started since it has pg-boss. */
async function earlier(db: Metadata): Promise<CarriedJob[]> {
  const rows = await db.selectFrom("earlierJob").selectAll().execute();
  const none = { isGivenUp: false, attempts: 0, notBeforeUtcMs: 0, sinceUtcMs: 0, detail: null };
  return rows.map((row) => ({ ...row, ...none }));
}
