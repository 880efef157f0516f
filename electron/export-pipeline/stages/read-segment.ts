import { ABORTED, type PortOutcome, portSucceeded } from "../ports/port-call.ts";
import type { RecipientKey } from "../ports/segment-spool.ts";
import { type CameraExportWork, requestOf } from "../pipeline-context.ts";
import { segmentAt } from "../export-ledger.ts";

/** Footage is in the archive's index this long after it happened: a segment of four seconds and its keyframe. */
export const RECORDING_DELAY_MS = 12_000;

/** How often it is looked whether the spool has room again. */
const ROOM_CHECK_MS = 5_000;

/**
 * Reads one segment from the archive, encrypts it on the way and leaves it in the spool.
 * Nothing happens for a segment that is in the spool already.
 */
export async function readSegment(
  work: CameraExportWork,
  index: number,
  recipient: RecipientKey,
): Promise<PortOutcome<void>> {
  const { context, cameraExport, live } = work;
  const segment = segmentAt(cameraExport, index);
  if (segment.state.kind !== "queued") return portSucceeded(undefined);
  const call = context.progress.callFor(cameraExport.record.cameraExportId, segment.segmentId, work.signal);

  await context.pause(segment.range.endUtcMs + RECORDING_DELAY_MS - context.now(), work.signal);
  await waitForRoom(work, segment.plannedLengthBytes, segment.segmentId);
  if (work.signal.aborted) return ABORTED;

  context.ledger.applyToSegment(cameraExport, index, { kind: "export-started" });
  const written = await context.spool.write(
    { segmentId: segment.segmentId, cameraId: requestOf(work).cameraId, range: segment.range, recipient },
    (readBytes) => context.progress.report(live.record.exportId, segment.segmentId, { readBytes }),
    call,
  );
  if (written.ok) {
    const { file, encryptionData } = written.value;
    context.ledger.applyToSegment(cameraExport, index, { kind: "spooled", file }, encryptionData);
    return portSucceeded(undefined);
  }
  if (written.error.kind === "no-footage") {
    context.ledger.applyToSegment(cameraExport, index, { kind: "found-empty" });
    return portSucceeded(undefined);
  }
  return written;
}

/** A full spool is a state, not a failure: reading goes on when uploads have made room. */
async function waitForRoom(work: CameraExportWork, lengthBytes: number, segmentId: string): Promise<void> {
  const { context, cameraExport, signal } = work;
  const call = context.progress.callFor(cameraExport.record.cameraExportId, `${segmentId}-room`, signal);
  for (;;) {
    const inTheWay = await context.spool.roomFor(lengthBytes);
    if (inTheWay === null || signal.aborted) break;
    call.reportWaiting({ failure: inTheWay, nextRetryUtcMs: context.now() + ROOM_CHECK_MS });
    await context.pause(ROOM_CHECK_MS, signal);
  }
  call.reportWaiting(null);
}
