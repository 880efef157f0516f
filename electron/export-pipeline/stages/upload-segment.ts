import { visibleName } from "#shared/domain/names.ts";
import { spooledFileOf, type SpooledFile } from "#shared/domain/segment-state.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import { segmentAt } from "../export-ledger.ts";
import { type CameraExportWork, requestOf } from "../pipeline-context.ts";
import type { SendingObserver } from "../ports/evidence-destination.ts";
import { portFailed, type PortOutcome, portSucceeded } from "../ports/port-call.ts";
import type { SegmentRecord } from "../ports/export-journal.ts";

/**
 * Uploads one spooled segment, completes its resource and verifies what the service stored.
 * Goes on wherever an interruption left it. The spool file is removed once the service has the bytes.
 */
export async function uploadSegment(
  work: CameraExportWork,
  index: number,
  evidenceId: string,
): Promise<PortOutcome<void>> {
  const segment = segmentAt(work.cameraExport, index);
  const file = spooledFileOf(segment.state);
  if (file === null || segment.state.kind === "verified") return portSucceeded(undefined);

  if (segment.state.kind === "spooled") {
    const sent = await sendBytes(work, segment, file, evidenceId);
    if (!sent.ok) return sent;
  }
  return await completeAndVerify(work, index, evidenceId, file);
}

async function sendBytes(
  work: CameraExportWork,
  segment: SegmentRecord,
  file: SpooledFile,
  evidenceId: string,
): Promise<PortOutcome<void>> {
  const { context, cameraExport, live } = work;
  const { exportId } = live.record;
  let isFirst = true;
  const observer: SendingObserver = {
    onPlace: (resourceId) => {
      isFirst = true;
      if (segmentAt(cameraExport, segment.index).state.kind !== "spooled") return;
      context.ledger.applyToSegment(cameraExport, segment.index, { kind: "upload-started", resourceId });
    },
    onProgress: (sentBytes) => {
      if (isFirst) context.progress.foundSent(exportId, segment.segmentId, sentBytes);
      else context.progress.report(exportId, segment.segmentId, { sentBytes });
      isFirst = false;
    },
  };
  const request = {
    evidenceId,
    externalId: `${segment.segmentId}-${cameraExport.record.generation}`,
    name: segmentFileName(work, segment),
    mimeType: "video/mp4",
    range: shownRange(segment),
  };
  const toSend = {
    segmentId: segment.segmentId,
    folder: file.folder ?? null,
    encryptionData: segment.encryptionData ?? "",
    lengthBytes: file.ciphertextLengthBytes,
    blockCrcs: file.blockCrcs ?? null,
  };
  const sent = await context.progress.during(exportId, "send", () =>
    context.destination.sendFile(request, toSend, observer, callOf(work, segment.segmentId)),
  );
  if (sent.ok) context.ledger.applyToSegment(cameraExport, segment.index, { kind: "uploaded" });
  return sent;
}

export function segmentFileName(work: CameraExportWork, segment: SegmentRecord): string {
  return `${visibleName(requestOf(work).cameraName)} ${segment.index + 1} of ${work.cameraExport.segments.length}.mp4`;
}

/**
 * From the first shown frame to the end of the last: the service places the file by it. Both are rounded
 * down to the millisecond, so that neighbours never overlap; the manifest has the microseconds.
 */
function shownRange({ range, recorded }: SegmentRecord): TimeRange {
  if (recorded === null) return range;
  const startUtcMs = Math.floor(recorded.firstFrameUtcUs / 1000);
  return { startUtcMs, endUtcMs: Math.max(startUtcMs + 1, Math.floor(recorded.endUtcUs / 1000)) };
}

async function completeAndVerify(
  work: CameraExportWork,
  index: number,
  evidenceId: string,
  file: SpooledFile,
): Promise<PortOutcome<void>> {
  const { context, cameraExport } = work;
  const segment = segmentAt(cameraExport, index);
  if (segment.state.kind !== "uploaded") return portSucceeded(undefined);
  const call = callOf(work, segment.segmentId);
  const completed = await context.destination.completeResource(evidenceId, segment.state.resourceId, call);
  if (!completed.ok) return completed;
  if (completed.value.lengthBytes !== file.ciphertextLengthBytes) {
    return portFailed(
      "permanent",
      "STORED_LENGTH_DIFFERS",
      `The service stored ${completed.value.lengthBytes} bytes of ${file.ciphertextLengthBytes}.`,
    );
  }
  context.ledger.applyToSegment(cameraExport, index, { kind: "verified" });
  await context.spool.remove(segment.segmentId);
  return portSucceeded(undefined);
}

function callOf(work: CameraExportWork, segmentId: string) {
  return work.context.progress.callFor(work.cameraExport.record.cameraExportId, segmentId, work.signal);
}
