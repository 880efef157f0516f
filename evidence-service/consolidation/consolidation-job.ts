import { randomUUID } from "node:crypto";
import { resourcesOf } from "../api/resource-records.ts";
import type { ServiceContext } from "../service-context.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import { refusalOf, type Verification, verifyEvidence } from "../verification/manifest-verification.ts";
import { saveVerification } from "../verification/verification-records.ts";
import { isVideoSegment, type ConsolidatedVideos } from "./consolidated-videos.ts";
import type { JobKind } from "./job-runner.ts";
import { Unreadable } from "./unreadable.ts";

const CONSOLIDATED_NAME = "consolidated.mp4";
const CONSOLIDATED_TYPE = "video/mp4";

/**
 * The job that turns a completed evidence into an available one: every segment's tables are read
 * through the decryption and joined, and its manifest is verified; nothing is copied. Evidence that its
 * manifest contradicts never becomes available. Run twice it does the same once.
 */
export function consolidationJob(context: ServiceContext, videos: ConsolidatedVideos): JobKind {
  return {
    run: async (evidenceId) => {
      const hasVideo = (await resourcesOf(context, evidenceId)).some(isVideoSegment);
      const failure = hasVideo ? await tryBuilding(videos, evidenceId) : null;
      const verification = await verifyEvidence(context, evidenceId, "stored");
      await finish(context, evidenceId, hasVideo, failure ?? refusalOf(verification), verification);
    },
    giveUp: (evidenceId, reason) =>
      finish(context, evidenceId, false, `Consolidation failed: ${reason}`, null),
  };
}

async function tryBuilding(videos: ConsolidatedVideos, evidenceId: string): Promise<string | null> {
  try {
    await videos.get(evidenceId);
    return null;
  } catch (error) {
    if (error instanceof Unreadable) return error.message;
    throw error;
  }
}

async function finish(
  context: ServiceContext,
  evidenceId: string,
  hasVideo: boolean,
  failure: string | null,
  verification: Verification | null,
): Promise<void> {
  const segments = (await resourcesOf(context, evidenceId))
    .filter(isVideoSegment)
    .toSorted((a, b) => a.startUtcMs - b.startUtcMs || a.seq - b.seq);
  const atUtcMs = context.now();
  await context.db.transaction().execute(async (transaction) => {
    const changed = await transaction
      .updateTable("evidence")
      .set({ lifecycleState: failure === null ? "Available" : "Failed", lifecycleDetail: failure })
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
      detail: { failure, manifest: verification?.outcome ?? null, verification: saved },
    });
  });
}
