/** What the service does by itself, for administrators: seen, cancelled, and started anew where it was given up. */
import { z } from "zod";
import { type WebJob, type WebJobs, webJobsSchema } from "#shared/web-api/web-api.ts";
import type { JsonApi } from "../http/json-api.ts";
import { actorOf } from "../http/principal.ts";
import { notFound } from "../http/refusal.ts";
import { type Job, JOB_STATES, type JobQueue, type JobRef } from "../jobs/job-queue.ts";
import { isoInstant } from "../storage/iso-instant.ts";

const SHOWN_MOST = 50;
const JOBS = "/web/api/administration/jobs";
const refSchema = z.object({ kind: z.string(), jobId: z.string() });

export function registerJobRoutes(api: JsonApi, jobs: JobQueue): void {
  api.add({
    method: "GET",
    path: JOBS,
    summary: "What waits, what runs and how far it has come, and what was given up.",
    access: "user",
    action: "see-administration",
    params: z.object({}),
    answer: webJobsSchema,
    handle: () => shownJobs(jobs),
  });
  const changes = [
    {
      word: "start-anew",
      summary: "Starts a job anew that was given up.",
      change: (ref: JobRef, actor: string) => jobs.startAnew(ref, actor),
    },
    {
      word: "cancel",
      summary: "Cancels a job that waits or runs; what it is about is settled as if it had failed.",
      change: (ref: JobRef, actor: string) => jobs.cancel(ref, actor),
    },
  ];
  for (const { word, summary, change } of changes) {
    api.add({
      ...({ method: "POST", access: "user", action: "manage-jobs", summary } as const),
      path: `${JOBS}/:kind/:jobId/${word}`,
      params: refSchema,
      answer: webJobsSchema,
      handle: async ({ params, principal }) => {
        if ((await change(params, actorOf(principal))) === null) throw notFound("job");
        return shownJobs(jobs);
      },
    });
  }
}

async function shownJobs(jobs: JobQueue): Promise<WebJobs> {
  const shown: WebJobs = {
    counts: { waiting: 0, running: 0, failed: 0 },
    ...{ waiting: [], running: [], failed: [] },
  };
  for (const state of JOB_STATES) {
    shown.counts[state] = await jobs.count(state);
    shown[state] = (await jobs.list(state, SHOWN_MOST)).map(toWebJob);
  }
  return shown;
}

function toWebJob({ jobId, kind, subject, sinceUtcMs, progress, detail }: Job): WebJob {
  return { jobId, kind, subject, sinceUtc: isoInstant(sinceUtcMs), progress, detail };
}
