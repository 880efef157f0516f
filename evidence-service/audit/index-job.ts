/**
 * Takes up into the index what the trail has from before there was one, and what services of earlier versions write beside
 * this one. It works for some seconds, and then hands on to a next job, so that others have their turn.
 */
import { setImmediate as othersFirst } from "node:timers/promises";
import type { ServiceContext } from "../context/service-context.ts";
import { INDEX_AUDIT } from "../jobs/job-kinds.ts";
import type { JobKind } from "../jobs/job-queue.ts";
import { extendIndex, missingInIndex } from "./audit-index.ts";

const WORKS_FOR_MS = 10_000;
/** There is one trail. */
const SUBJECT = "trail";

type IndexParts = Pick<ServiceContext, "db" | "jobs">;

export function indexJob({ db, jobs }: IndexParts, worksForMs = WORKS_FOR_MS): JobKind {
  return {
    run: async (_, { signal, progress }) => {
      const total = await missingInIndex(db);
      const until = performance.now() + worksForMs;
      for (let left = total; left > 0; await othersFirst()) {
        signal.throwIfAborted();
        if (performance.now() >= until) return addJob({ db, jobs });
        left = await extendIndex(db);
        progress(Math.max(total - left, 0), total);
      }
    },
    // An administrator sees it among those that failed, with the reason.
    giveUp: async () => undefined,
  };
}

/** Whoever adds it twice has it done once: the second one finds nothing to do. */
export async function indexWhatIsLeft({ db, jobs }: IndexParts): Promise<void> {
  if ((await missingInIndex(db)) !== 0) await addJob({ db, jobs });
}

async function addJob({ db, jobs }: IndexParts): Promise<void> {
  await db
    .transaction()
    .execute((transaction) => jobs.add(transaction, [{ kind: INDEX_AUDIT, subject: SUBJECT }]));
  jobs.wake();
}
