import { lostFootage, lostInWords } from "#shared/domain/lost-footage.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import type { SegmentRecord } from "../ports/export-journal.ts";
import { type RecordedFootage, recordedFootageOf } from "../ports/footage-archive.ts";
import { ABORTED, type PortCall, portFailed, type PortOutcome, portSucceeded } from "../ports/port-call.ts";
import type { ReadingObserver, RecipientKey, SpoolJob } from "../ports/segment-spool.ts";
import { type CameraExportWork, requestOf } from "../pipeline-context.ts";
import { segmentAt } from "../export-ledger.ts";

/** Footage is in the archive's index this long after it happened: a segment of four seconds and its keyframe. */
export const RECORDING_DELAY_MS = 12_000;

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
    const found = await recordedIn(work, segment, file.plaintextLengthBytes, call);
    if (!found.ok) return found;
    const { recorded, lost } = found.value;
    const gone = refusalOfLoss(work, lost);
    if (gone !== null) {
      await context.spool.remove(segment.segmentId);
      return gone;
    }
    const change = { encryptionData, recorded, ...withLost(segment, lost) };
    context.ledger.applyToSegment(cameraExport, index, { kind: "spooled", file }, change);
    return portSucceeded(undefined);
  }
  if (written.error.kind === "no-footage") {
    const lost = lostOfAll(segment);
    const gone = refusalOfLoss(work, lost);
    if (gone !== null) return gone;
    context.ledger.applyToSegment(cameraExport, index, { kind: "found-empty" }, withLost(segment, lost));
    return portSucceeded(undefined);
  }
  return written;
}

function withLost(
  { lost: before = [] }: SegmentRecord,
  lost: readonly TimeRange[],
): Pick<SegmentRecord, "lost"> {
  if (lost.length === 0) return {};
  return { lost: [...before, ...lost].toSorted((one, other) => one.startUtcMs - other.startUtcMs) };
}

/** What was there at Finish, or when it was read before, is not left out unless somebody has decided that. */
function refusalOfLoss(work: CameraExportWork, lost: readonly TimeRange[]): PortOutcome<never> | null {
  if (lost.length === 0 || work.cameraExport.record.goesWithoutLost === true) return null;
  const words = lostInWords(lost, work.context.signer.site.timeZone);
  return portFailed(
    "permanent",
    "FOOTAGE_GONE",
    `The archive no longer holds footage that it held when this was asked for, ${words}.`,
  );
}

function lostOfAll({ range, recorded, encryptionData }: SegmentRecord): TimeRange[] {
  if (recorded !== null) return lostFootage(range, recorded.gaps, null);
  return encryptionData === null ? [] : [range];
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
 * What the archive tells of the very bytes that were read, and what of the plan it has lost since. Footage of the last
 * seconds was not in its index when the export was planned; then it is asked again.
 * @returns `recorded` null where the answer does not fit the bytes: better no fact than a wrong one
 */
async function recordedIn(
  work: CameraExportWork,
  segment: SegmentRecord,
  readBytes: number,
  call: PortCall,
): Promise<PortOutcome<{ recorded: RecordedFootage | null; lost: TimeRange[] }>> {
  const before = segment.recorded;
  if (before !== null && segment.plannedLengthBytes === readBytes) {
    return portSucceeded({ recorded: before, lost: [] });
  }
  const { cameraId, recording } = requestOf(work);
  const planned = await work.context.archive.planExport(cameraId, { ...segment.range, recording }, call);
  if (!planned.ok && planned.error.kind !== "no-footage") return planned;
  const now = planned.ok ? recordedFootageOf(planned.value) : null;
  const recorded = planned.ok && planned.value.lengthBytes === readBytes ? now : null;
  const lost = before === null ? [] : lostFootage(segment.range, before.gaps, now?.gaps ?? null);
  return portSucceeded({ recorded, lost });
}
