import pLimit from "p-limit";
import { isSettled } from "#shared/domain/segment-state.ts";
import type { CommonEnd } from "./stages/common-end.ts";
import type { FootageLock } from "./stages/footage-lock.ts";
import {
  type EvidenceWork,
  PARALLEL_UPLOADS_PER_CAMERA,
  type SegmentWork,
  workOnSegment,
} from "./tracked/pipeline-context.ts";
import { type PortFailure, type PortOutcome, portSucceeded } from "./ports/port-call.ts";
import { mustBeRead, SegmentFile } from "./stages/segment-file.ts";
import { deliver, type UploadLimit } from "./stages/send-file.ts";

/**
 * Reading segment n+1 overlaps with uploading segment n. What is in the spool already needs neither the archive nor
 * a turn to read. The first segment that fails ends the work on the others, and is the answer.
 */
export async function transferSegments(
  work: EvidenceWork,
  lock: FootageLock,
  together: CommonEnd,
): Promise<PortOutcome<void>> {
  const limit = pLimit(PARALLEL_UPLOADS_PER_CAMERA);
  const outcomes = await Promise.all(
    work.cameraExport.segments.map((segment) =>
      together.include(() => transfer(new SegmentFile(workOnSegment(work, segment), lock), limit)),
    ),
  );
  return outcomes.find((outcome) => !outcome.ok) ?? portSucceeded(undefined);
}

/** A failure that concerns this segment alone is written into its state. */
async function transfer(file: SegmentFile, limit: UploadLimit): Promise<PortOutcome<void>> {
  const delivered = await deliver(file, limit);
  if (delivered.ok || !isOfSegment(delivered.error)) return delivered;
  const { context, call } = file.work;
  if ((await context.wasRestored(call)) || call.signal.aborted) return delivered;
  markFailed(file.work, delivered.error);
  return delivered;
}

function isOfSegment(failure: PortFailure): boolean {
  return failure.kind !== "aborted" && failure.kind !== "gone";
}

function markFailed({ context, segment }: SegmentWork, { code, message, action }: PortFailure): void {
  const { state } = segment.record;
  if (isSettled(state)) return;
  const at = mustBeRead(segment.record) ? "export" : "upload";
  context.ledger.applyToSegment(segment, { kind: "failed", at, failure: { code, message, action } });
}
