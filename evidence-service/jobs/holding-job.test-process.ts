/** A process that takes a job and never ends it: URL and schema of PostgreSQL, and the seconds of a lease. */
import { openPostgresMetadata } from "../storage/postgres/postgres-metadata.ts";
import { PostgresJobs } from "./postgres-jobs.ts";

const [url = "", schema = "", leaseS = "10"] = process.argv.slice(2);
const place = { url, schema };
const db = await openPostgresMetadata(place, () => undefined);
const jobs = new PostgresJobs({
  ...{ db, place, leaseS: Number(leaseS), now: Date.now },
  ...{ report: console.error, warn: console.error, measured: () => undefined, record: async () => undefined },
});
const never = async (subject: string): Promise<void> => {
  console.log(`holds ${subject}`);
  await new Promise(() => undefined);
};
await jobs.prepare(new Map([["kind", { run: never, giveUp: async () => undefined }]]));
await jobs.start();
