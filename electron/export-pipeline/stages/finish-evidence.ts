import type { FileChecksum } from "../ports/evidence-destination.ts";
import type { SegmentRecord } from "../ports/export-journal.ts";
import type { CameraExportWork } from "../pipeline-context.ts";
import { portFailedAs, ABORTED, portFailed, type PortOutcome, portSucceeded } from "../ports/port-call.ts";

const POLL_FIRST_MS = 250;
const POLL_LONGEST_MS = 5_000;

/** Nothing is finished before every part of the camera export is at the service or known to be empty. */
export function checkAllSent(work: CameraExportWork): PortOutcome<void> {
  const unsent = work.cameraExport.segments.find(
    ({ state }) => state.kind !== "verified" && state.kind !== "empty",
  );
  if (unsent !== undefined) return unsentFailure(unsent);
  if (work.cameraExport.segments.some(({ state }) => state.kind === "verified")) {
    return portSucceeded(undefined);
  }
  return portFailed(
    "permanent",
    "NO_FOOTAGE",
    "The archive holds no footage of this camera in the chosen range.",
  );
}

/** Tells the service that all files are there, with the checksum of each. */
export async function completeEvidence(
  work: CameraExportWork,
  evidenceId: string,
  manifest: FileChecksum,
): Promise<PortOutcome<void>> {
  const segments = work.cameraExport.segments.flatMap(({ state }) =>
    state.kind === "verified" ? [{ resourceId: state.resourceId, sha512: state.file.ciphertextSha512 }] : [],
  );
  const checksums = [...segments, manifest];
  const completed = await work.context.destination.completeEvidence(evidenceId, checksums, callOf(work));
  if (completed.ok) work.context.ledger.applyToCameraExport(work.cameraExport, { kind: "completed" });
  return completed;
}

/** An evidence with a part missing must never be completed, whatever order a restart finds things in. */
function unsentFailure(segment: SegmentRecord): PortOutcome<never> {
  if (segment.state.kind === "failed") return portFailedAs("permanent", segment.state.failure);
  return portFailed(
    "permanent",
    "SEGMENT_NOT_SENT",
    `Part ${segment.index + 1} has not been sent.`,
    "Press Retry.",
  );
}

/** Waits until the service has consolidated the segments into one video (S19). */
export async function awaitAvailable(work: CameraExportWork, evidenceId: string): Promise<PortOutcome<void>> {
  for (let pauseMs = POLL_FIRST_MS; ; pauseMs = Math.min(pauseMs * 2, POLL_LONGEST_MS)) {
    const lifecycle = await work.context.destination.lifecycle(evidenceId, callOf(work));
    if (!lifecycle.ok) return lifecycle;
    if (lifecycle.value.kind === "available") {
      work.context.ledger.applyToCameraExport(work.cameraExport, { kind: "became-available" });
      return portSucceeded(undefined);
    }
    if (lifecycle.value.kind === "failed") {
      return portFailed(
        "permanent",
        "CONSOLIDATION_FAILED",
        `The service could not consolidate the video: ${lifecycle.value.detail}`,
      );
    }
    await work.context.pause(pauseMs, work.signal);
    if (work.signal.aborted) return ABORTED;
  }
}

function callOf(work: CameraExportWork) {
  const { cameraExportId } = work.cameraExport.record;
  return work.context.progress.callFor(cameraExportId, cameraExportId, work.signal);
}
