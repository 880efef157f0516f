import { randomUUID } from "node:crypto";
import { isVideoSegment, resourcesOf } from "../api/resource-records.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import { refusalOf, type Verification, verifyEvidence } from "../verification/manifest-verification.ts";
import { saveVerification } from "../verification/verification-records.ts";
import { damageText, type DamagedSegment } from "./damaged-segment.ts";
import type { ConsolidatedVideos } from "./consolidated-videos.ts";
import type { JobKind } from "../jobs/job-queue.ts";
import { Unreadable } from "../decryption/unreadable.ts";

const CONSOLIDATED_NAME = "consolidated.mp4";
const CONSOLIDATED_TYPE = "video/mp4";

/**
 * The job that turns a completed evidence into an available one: every segment's tables are read
 * through the decryption and joined, and its manifest is verified; nothing is copied. Segments that cannot be
 * joined are left out and named; only where none can be, the evidence has failed. Evidence that its
 * manifest contradicts never becomes available. Run twice it does the same once.
 */
export function consolidationJob(context: ServiceContext, videos: ConsolidatedVideos): JobKind {
  return {
    run: async (evidenceId, { signal, progress }) => {
      if (!(await isProcessing(context, evidenceId))) return;
      const hasVideo = (await resourcesOf(context, evidenceId)).some(isVideoSegment);
      const { failure, damaged } = hasVideo ? await tryBuilding(videos, evidenceId) : NOTHING_TO_BUILD;
      signal.throwIfAborted();
      progress(1, STEPS);
      const verification = await verifyEvidence(context, evidenceId, { depth: "stored" });
      signal.throwIfAborted();
      progress(2, STEPS);
      const built = { failure: failure ?? refusalOf(verification), damaged };
      await protectFiles(context, evidenceId);
      await finish(context, evidenceId, { ...built, hasVideo, verification });
    },
    giveUp: (evidenceId, reason) => {
      const built = { failure: `Consolidation failed: ${reason}`, damaged: [] };
      return finish(context, evidenceId, { ...built, hasVideo: false, verification: null });
    },
    startAnew: async (transaction, evidenceId) => {
      await transaction
        .updateTable("evidence")
        .set({ lifecycleState: "Processing", lifecycleDetail: null })
        .where("evidenceId", "=", evidenceId)
        .where("lifecycleState", "=", "Failed")
        .execute();
    },
  };
}

/** Joined, verified, protected. */
const STEPS = 3;

/** Whatever an earlier job has settled stays so. */
async function isProcessing({ db }: ServiceContext, evidenceId: string): Promise<boolean> {
  const evidence = await db
    .selectFrom("evidence")
    .select("lifecycleState")
    .where("evidenceId", "=", evidenceId)
    .executeTakeFirst();
  return evidence?.lifecycleState === "Processing";
}

/** Whatever became of it: it is complete, and for good. */
async function protectFiles(context: ServiceContext, evidenceId: string): Promise<void> {
  for (const { resourceId, state } of await resourcesOf(context, evidenceId)) {
    if (state === "UserCompleted") await context.blobs.protect(resourceId);
  }
}

interface Built {
  /** Why there is nothing to show at all; null where there is. */
  readonly failure: string | null;
  readonly damaged: readonly DamagedSegment[];
}

const NOTHING_TO_BUILD: Built = { failure: null, damaged: [] };

async function tryBuilding(videos: ConsolidatedVideos, evidenceId: string): Promise<Built> {
  try {
    return { failure: null, damaged: (await videos.get(evidenceId)).damaged };
  } catch (error) {
    if (error instanceof Unreadable) return { failure: error.message, damaged: [] };
    throw error;
  }
}

interface ConsolidationEnd extends Built {
  readonly hasVideo: boolean;
  /** null where it did not come to that. */
  readonly verification: Verification | null;
}

async function finish(
  context: ServiceContext,
  evidenceId: string,
  { hasVideo, failure, damaged, verification }: ConsolidationEnd,
): Promise<void> {
  const all = (await resourcesOf(context, evidenceId)).filter(isVideoSegment);
  const lifecycleDetail = failure ?? damageText(damaged, all.length);
  const segments = all
    .filter(({ resourceId }) => !damaged.some(({ row }) => row.resourceId === resourceId))
    .toSorted((a, b) => a.startUtcMs - b.startUtcMs || a.seq - b.seq);
  const atUtcMs = context.now();
  await context.db.transaction().execute(async (transaction) => {
    const changed = await transaction
      .updateTable("evidence")
      .set({ lifecycleState: failure === null ? "Available" : "Failed", lifecycleDetail })
      .where("evidenceId", "=", evidenceId)
      .where("lifecycleState", "=", "Processing")
      .returning("evidenceId")
      .execute();
    if (changed.length === 0) return;
    const saved =
      verification === null ? null : await saveVerification(transaction, evidenceId, verification);
    const first = segments[0];
    const last = segments.at(-1);
    if (failure === null && hasVideo && first !== undefined && last !== undefined) {
      await transaction
        .insertInto("resource")
        .values({
          resourceId: randomUUID(),
          evidenceId,
          name: CONSOLIDATED_NAME,
          mimeType: CONSOLIDATED_TYPE,
          startUtcMs: first.startUtcMs,
          endUtcMs: last.endUtcMs,
          state: "Derived",
          parentResourceId: first.resourceId,
        })
        .execute();
    }
    const action = failure === null ? "EVIDENCE_CONSOLIDATED" : "CONSOLIDATION_FAILED";
    await appendAudit(transaction, {
      atUtcMs,
      actor: "system",
      action,
      subject: evidenceId,
      detail: {
        failure,
        damaged: damageText(damaged, all.length),
        manifest: verification?.outcome ?? null,
        verification: saved,
      },
    });
  });
}
