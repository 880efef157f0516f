import type { SegmentRecord } from "../ports/export-journal.ts";
import { type RecordedFootage, recordedFootageOf } from "../ports/footage-archive.ts";
import { ABORTED, type PortCall, portFailed, type PortOutcome, portSucceeded } from "../ports/port-call.ts";
import type { ReadingObserver, RecipientKey, SpoolJob } from "../ports/segment-spool.ts";
import { type CameraExportWork, requestOf } from "../pipeline-context.ts";
import { segmentAt } from "../export-ledger.ts";

/** Footage is in the archive's index this long after it happened: a segment of four seconds and its keyframe. */
export const RECORDING_DELAY_MS = 12_000;

/** What was read once must not be missing from the evidence without a word. */
const FOOTAGE_GONE = portFailed(
  "permanent",
  "FOOTAGE_GONE",
  "The archive no longer holds the footage of this part, which it had when it was read before.",
);

/**
 * Reads one segment from the archive, encrypts it on the way and leaves it in the spool.
 * Nothing happens for a segment that is in the spool already.
 */
export async function readSegment(
  work: CameraExportWork,
  index: number,
  recipient: RecipientKey,
): Promise<PortOutcome<void>> {
  const { context, cameraExport } = work;
  const segment = segmentAt(cameraExport, index);
  if (segment.state.kind !== "queued") return portSucceeded(undefined);
  const call = context.progress.callFor(cameraExport.record.cameraExportId, segment.segmentId, work.signal);

  await untilIndexed(work, segment.range.endUtcMs, call);
  if (work.signal.aborted) return ABORTED;
  const written = await context.spool.write(jobOf(work, segment, recipient), observerOf(work, segment), call);
  if (written.ok) {
    const { file, encryptionData } = written.value;
    const recorded = await recordedIn(work, segment, file.plaintextLengthBytes, call);
    if (!recorded.ok) return recorded;
    const change = { encryptionData, recorded: recorded.value };
    context.ledger.applyToSegment(cameraExport, index, { kind: "spooled", file }, change);
    return portSucceeded(undefined);
  }
  if (written.error.kind === "no-footage") {
    if (segment.encryptionData !== null) return FOOTAGE_GONE;
    context.ledger.applyToSegment(cameraExport, index, { kind: "found-empty" });
    return portSucceeded(undefined);
  }
  return written;
}

/**
 * Until the archive has had time, by its own clock, to index what was recorded last. A sleeping machine's clock goes on, so it is looked
 * at anew after each wake; one that is set back makes nobody wait for longer than the archive takes.
 */
async function untilIndexed(work: CameraExportWork, endUtcMs: number, call: PortCall): Promise<void> {
  const { context } = work;
  const { cameraId } = requestOf(work);
  const enoughAtMs = performance.now() + RECORDING_DELAY_MS;
  for (;;) {
    const hurry = call.hurry?.();
    const archiveNowMs = await context.archive.now(cameraId, call);
    const enoughInMs = Math.ceil(enoughAtMs - performance.now());
    const missingMs = Math.min(endUtcMs + RECORDING_DELAY_MS - archiveNowMs, enoughInMs);
    if (missingMs <= 0 || call.signal.aborted) return;
    await context.pause(missingMs, hurry === undefined ? call.signal : AbortSignal.any([call.signal, hurry]));
  }
}

function jobOf(work: CameraExportWork, segment: SegmentRecord, recipient: RecipientKey): SpoolJob {
  const { segmentId, plannedLengthBytes, cameraExportId } = segment;
  const { exportId } = work.live.record;
  const { cameraId, recording } = requestOf(work);
  const range = { ...segment.range, recording };
  return { segmentId, exportId, cameraExportId, cameraId, range, lengthBytes: plannedLengthBytes, recipient };
}

/** A segment that waits for its turn is queued; it is being exported once its bytes are asked for. */
function observerOf(work: CameraExportWork, { index, segmentId }: SegmentRecord): ReadingObserver {
  const { context, cameraExport, live } = work;
  return {
    onBegin: () => {
      if (segmentAt(cameraExport, index).state.kind !== "queued") return;
      context.ledger.applyToSegment(cameraExport, index, { kind: "export-started" });
    },
    onProgress: (readBytes) => context.progress.report(live.record.exportId, segmentId, { readBytes }),
  };
}

/**
 * What the archive tells of the very bytes that were read. Footage of the last seconds was not in its index
 * when the export was planned; then it is asked again.
 * @returns null where the answer does not fit the bytes: better no fact than a wrong one
 */
async function recordedIn(
  work: CameraExportWork,
  segment: SegmentRecord,
  readBytes: number,
  call: PortCall,
): Promise<PortOutcome<RecordedFootage | null>> {
  if (segment.recorded !== null && segment.plannedLengthBytes === readBytes) {
    return portSucceeded(segment.recorded);
  }
  const { cameraId, recording } = requestOf(work);
  const planned = await work.context.archive.planExport(cameraId, { ...segment.range, recording }, call);
  if (!planned.ok) return planned.error.kind === "no-footage" ? portSucceeded(null) : planned;
  return portSucceeded(planned.value.lengthBytes === readBytes ? recordedFootageOf(planned.value) : null);
}
