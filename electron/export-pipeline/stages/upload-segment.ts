import { spooledFileOf, type SpooledFile } from "#shared/domain/segment-state.ts";
import { segmentAt } from "../export-ledger.ts";
import { type CameraExportWork, requestOf } from "../pipeline-context.ts";
import type { UploadPlace } from "../ports/evidence-destination.ts";
import { portFailed, type PortOutcome, portSucceeded } from "../ports/port-call.ts";
import type { SegmentRecord } from "../ports/export-journal.ts";

/** A place may expire this often while one segment is uploaded before it counts as a failure. */
const MAX_PLACES = 10;

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
  const call = callOf(work, segment.segmentId);
  for (let places = 0; places < MAX_PLACES; places += 1) {
    const place = await askForPlace(work, segment, evidenceId);
    if (!place.ok) return place;
    if (segmentAt(cameraExport, segment.index).state.kind === "spooled") {
      const { resourceId } = place.value;
      context.ledger.applyToSegment(cameraExport, segment.index, { kind: "upload-started", resourceId });
    }
    const uploaded = await uploadTo(place.value);
    if (uploaded.ok) {
      context.ledger.applyToSegment(cameraExport, segment.index, { kind: "uploaded" });
      return uploaded;
    }
    if (uploaded.error.code !== "UPLOAD_URI_EXPIRED") return uploaded;
  }
  return portFailed(
    "permanent",
    "UPLOAD_URI_EXPIRED",
    "The service's upload address expired again and again.",
  );

  async function uploadTo(place: UploadPlace): Promise<PortOutcome<void>> {
    if (place.completedLengthBytes === file.ciphertextLengthBytes) return portSucceeded(undefined);
    return await context.destination.upload(
      {
        segmentId: segment.segmentId,
        uri: place.uri,
        encryptionData: segment.encryptionData ?? "",
        lengthBytes: file.ciphertextLengthBytes,
      },
      (sentBytes) => context.progress.report(live.record.exportId, segment.segmentId, { sentBytes }),
      call,
    );
  }
}

function askForPlace(work: CameraExportWork, segment: SegmentRecord, evidenceId: string) {
  const total = work.cameraExport.segments.length;
  const externalId = `${segment.segmentId}-${work.cameraExport.record.generation}`;
  return work.context.destination.createResource(
    {
      evidenceId,
      externalId,
      name: `${requestOf(work).cameraName} ${segment.index + 1} of ${total}.mp4`,
      range: segment.range,
    },
    callOf(work, segment.segmentId),
  );
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
      "Press Retry to send this part again.",
    );
  }
  context.ledger.applyToSegment(cameraExport, index, { kind: "verified" });
  await context.spool.remove(segment.segmentId);
  return portSucceeded(undefined);
}

function callOf(work: CameraExportWork, segmentId: string) {
  return work.context.progress.callFor(work.cameraExport.record.cameraExportId, segmentId, work.signal);
}
