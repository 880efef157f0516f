/** The work that the service does by itself, by its kind. */
import { blobRemovalJob } from "./api/purge.ts";
import { indexJob } from "./audit/index-job.ts";
import { consolidationJob } from "./consolidation/consolidation-job.ts";
import type { ConsolidatedVideos } from "./consolidation/consolidated-videos.ts";
import type { ServiceContext } from "./context/service-context.ts";
import {
  CONSOLIDATE,
  INDEX_AUDIT,
  KEEP_RETENTION,
  REMOVE_BLOB,
  REWRAP_CONTENT_KEYS,
  VERIFY_EVERYTHING,
} from "./jobs/job-kinds.ts";
import type { JobKind } from "./jobs/job-queue.ts";
import { rewrapJob } from "./keys/rewrap-job.ts";
import { retentionJob } from "./retention/keep-retention.ts";
import type { RetentionClock } from "./retention/retention-clock.ts";
import { everythingJob } from "./verification/verify-everything.ts";

export const kindsOfJobs = (
  context: ServiceContext,
  videos: ConsolidatedVideos,
  clock: RetentionClock,
): ReadonlyMap<string, JobKind> =>
  new Map([
    [CONSOLIDATE, consolidationJob(context, videos)],
    [REMOVE_BLOB, blobRemovalJob(context)],
    [VERIFY_EVERYTHING, everythingJob(context)],
    [REWRAP_CONTENT_KEYS, rewrapJob({ context })],
    [INDEX_AUDIT, indexJob(context)],
    [KEEP_RETENTION, retentionJob({ context, clock })],
  ]);
