import type { Metadata } from "../storage/metadata-tables.ts";
import type { PostgresPlace } from "../storage/postgres/postgres-place.ts";
import type { CarriedJob } from "./carried-jobs.ts";

export type JobsPlace = { readonly kind: "sqlite" } | ({ readonly kind: "postgres" } & PostgresPlace);

/** The queue of a stopped service holds these jobs from now on, and no others. Times are kept to the millisecond. */
export async function replaceJobs(
  db: Metadata,
  place: JobsPlace,
  jobs: readonly CarriedJob[],
): Promise<void> {
  if (place.kind === "sqlite") return intoTable(db, jobs);
  const { replaceInPostgres } = await import("./postgres-jobs.ts");
  await replaceInPostgres(db, place, jobs);
}

const ROWS_AT_A_TIME = 500;

async function intoTable(db: Metadata, jobs: readonly CarriedJob[]): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction.deleteFrom("job").execute();
    for (let at = 0; at < jobs.length; at += ROWS_AT_A_TIME) {
      const rows = jobs.slice(at, at + ROWS_AT_A_TIME).map(({ isGivenUp, ...job }) => ({
        ...job,
        state: isGivenUp ? ("Failed" as const) : ("Waiting" as const),
      }));
      await transaction.insertInto("job").values(rows).execute();
    }
  });
}
