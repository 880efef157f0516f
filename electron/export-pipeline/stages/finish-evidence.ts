import type { FileChecksum } from "../ports/evidence-destination.ts";
import type { SegmentRecord } from "../ports/export-journal.ts";
import type { SegmentState } from "#shared/domain/segment-state.ts";
import { manifestStateOf } from "../tracked/manifest-state.ts";
import type { CameraExportWork, EvidenceWork } from "../tracked/pipeline-context.ts";
import type { TrackedCameraExport } from "../tracked/tracked-export.ts";
import { portFailedAs, ABORTED, portFailed, type PortOutcome, portSucceeded } from "../ports/port-call.ts";

const POLL_FIRST_MS = 250;
const POLL_LONGEST_MS = 5_000;

/** The evidence is not completed before every part of the camera export is at the service or known to be empty. */
export function checkAllSent({ cameraExport }: CameraExportWork): PortOutcome<void> {
  const records = cameraExport.segments.map(({ record }) => record);
  const unsent = records.find(({ state }) => state.kind !== "verified" && state.kind !== "empty");
  if (unsent !== undefined) return unsentFailure(unsent);
  if (records.some(({ state }) => state.kind === "verified")) return portSucceeded(undefined);
  return portFailed("permanent", {
    code: "NO_FOOTAGE",
    message: "The archive holds no footage of this camera in the chosen range.",
  });
}

/** Completes the evidence at the service, with the checksum of every file. */
export async function completeEvidence(work: EvidenceWork): Promise<PortOutcome<void>> {
  const { context, cameraExport, evidenceId, call } = work;
  const completed = await context.destination.completeEvidence(evidenceId, checksumsOf(cameraExport), call);
  if (completed.ok) context.ledger.applyToCameraExport(cameraExport, { kind: "completed" });
  return completed;
}

/** Of the segments, and of the manifest after them. */
function checksumsOf({ record: { manifest }, segments }: TrackedCameraExport): FileChecksum[] {
  const states: SegmentState[] = segments.map(({ record }) => record.state);
  if (manifest !== null) states.push(manifestStateOf(manifest));
  return states.flatMap((state) =>
    state.kind === "verified" ? [{ resourceId: state.resourceId, sha512: state.file.ciphertextSha512 }] : [],
  );
}

/** An evidence with a segment missing must never be completed, whatever order a restart finds things in. */
function unsentFailure(segment: SegmentRecord): PortOutcome<never> {
  if (segment.state.kind === "failed") return portFailedAs("permanent", segment.state.failure);
  return portFailed("permanent", {
    code: "SEGMENT_NOT_SENT",
    message: `Segment ${segment.index + 1} has not been sent.`,
  });
}

/** Waits until the service has consolidated the segments into one video. */
export async function awaitAvailable(work: CameraExportWork, evidenceId: string): Promise<PortOutcome<void>> {
  const { context, cameraExport, call } = work;
  for (let pauseMs = POLL_FIRST_MS; ; pauseMs = Math.min(pauseMs * 2, POLL_LONGEST_MS)) {
    const lifecycle = await context.destination.lifecycle(evidenceId, call);
    if (!lifecycle.ok) return lifecycle;
    if (lifecycle.value.kind === "available") {
      context.ledger.applyToCameraExport(cameraExport, { kind: "became-available" });
      return portSucceeded(undefined);
    }
    if (lifecycle.value.kind === "failed") {
      return portFailed("permanent", {
        code: "CONSOLIDATION_FAILED",
        message: `The service could not consolidate the video: ${lifecycle.value.detail}`,
      });
    }
    // It had taken the completion: what it lacks is looked up, and this goes on from there.
    if (lifecycle.value.kind === "receiving" && (await context.wasRestored(call))) return ABORTED;
    await context.pause(pauseMs, call.signal);
    if (call.signal.aborted) return ABORTED;
  }
}
