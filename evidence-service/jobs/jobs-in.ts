/** The queue of jobs that goes with an engine. */
import type { Metadata } from "../storage/metadata-tables.ts";
import type { PostgresPlace } from "../storage/postgres/postgres-place.ts";
import type { JobQueue, JobQueueParts } from "./job-queue.ts";
import { TableJobs } from "./table-jobs.ts";

export interface JobsParts extends JobQueueParts {
  readonly db: Metadata;
  readonly place: { readonly kind: "sqlite" } | ({ readonly kind: "postgres" } & PostgresPlace);
  readonly warn: (message: string) => void;
  /** Where several processes run jobs (`PostgresJobsParts`). */
  readonly leaseS?: number;
}

export async function jobsIn({ place, ...parts }: JobsParts): Promise<JobQueue> {
  if (place.kind === "sqlite") return new TableJobs(parts);
  // Most services have no PostgreSQL, and load nothing of it.
  const { PostgresJobs } = await import("./postgres-jobs.ts");
  return new PostgresJobs({ ...parts, place });
}
