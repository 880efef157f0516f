/** One try of a job, and what comes of it, whichever queue it is in. */
import { performance } from "node:perf_hooks";
import { BlobsUnreachable } from "../storage/blob-store.ts";
import type { JobKind, JobMeasure, JobRun, NewJob } from "./job-queue.ts";

export const MAX_ATTEMPTS = 6;
/** Where the stored files cannot be reached no job is to blame, so none is given up for it. */
export const UNREACHABLE_RETRY_MS = 15_000;

const ENDED_THE_SERVICE = "The service ended each time it was tried.";

/**
 * - `again`: it failed, and is tried again after a wait that grows.
 * - `later`: nothing was wrong with the job, and the try is not counted.
 * - `given-up`: it failed too often; an administrator may start it anew.
 */
export type AttemptEnd =
  { readonly ended: "done" } | { readonly ended: "again" | "later" | "given-up"; readonly detail: string };

export interface Attempt {
  readonly job: NewJob;
  readonly kind: JobKind | undefined;
  /** How often it was begun before. */
  readonly attempts: number;
  readonly run: JobRun;
}

export interface AttemptWitness {
  readonly report: (error: unknown, message: string) => void;
  readonly measured: JobMeasure;
}

/** Never throws; what cannot be settled is tried later. */
export async function attempt(
  { job, kind, attempts, run }: Attempt,
  { report, measured }: AttemptWitness,
): Promise<AttemptEnd> {
  if (attempts >= MAX_ATTEMPTS) return giveUp(job, kind, { detail: ENDED_THE_SERVICE, report });
  const beganMs = performance.now();
  const seconds = (): number => (performance.now() - beganMs) / 1_000;
  try {
    if (kind === undefined) throw new Error(`There is no job of kind ${job.kind}.`);
    await kind.run(job.subject, run);
    measured(job.kind, "done", seconds());
    return { ended: "done" };
  } catch (error) {
    if (run.signal.aborted) return { ended: "later", detail: "It was ended early." };
    measured(job.kind, "failed", seconds());
    report(error, `job ${job.kind} of ${job.subject} failed`);
    const detail = error instanceof Error ? error.message : String(error);
    if (error instanceof BlobsUnreachable) return { ended: "later", detail };
    return attempts + 1 < MAX_ATTEMPTS ? { ended: "again", detail } : giveUp(job, kind, { detail, report });
  }
}

async function giveUp(
  job: NewJob,
  kind: JobKind | undefined,
  { detail, report }: { readonly detail: string } & Pick<AttemptWitness, "report">,
): Promise<AttemptEnd> {
  try {
    await kind?.giveUp(job.subject, detail);
    return { ended: "given-up", detail };
  } catch (error) {
    report(error, `job ${job.kind} of ${job.subject} cannot be given up`);
    return { ended: "later", detail };
  }
}
