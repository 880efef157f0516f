import { lostFootage } from "#shared/domain/lost-footage.ts";
import { lostInWords } from "#shared/words/lost-footage.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import type { SegmentRecord } from "../ports/export-journal.ts";
import { type RecordedFootage, recordedFootageOf } from "../ports/footage-archive.ts";
import { ABORTED, portFailed, type PortOutcome, portSucceeded } from "../ports/port-call.ts";
import type { ReadingObserver, SpooledSegment, SpoolJob } from "../ports/segment-spool.ts";
import type { SegmentWork } from "../tracked/pipeline-context.ts";

/** Footage is in the archive's index this long after it happened: a footage file of four seconds and its keyframe. */
export const RECORDING_DELAY_MS = 12_000;

/**
 * Reads one segment from the archive, encrypts it on the way and leaves it in the spool.
 * Nothing happens for a segment that is in the spool already.
 */
export async function readSegment(work: SegmentWork): Promise<PortOutcome<void>> {
  const { context, segment, call } = work;
  if (segment.record.state.kind !== "queued") return portSucceeded(undefined);
  await untilIndexed(work);
  if (call.signal.aborted) return ABORTED;
  const written = await context.spool.write(jobOf(work), observerOf(work), call);
  if (written.ok) return await keepSpooled(work, written.value);
  if (written.error.kind !== "no-footage") return written;
  const lost = lostOfAll(segment.record);
  const gone = refusalOfLoss(work, lost);
  if (gone !== null) return gone;
  context.ledger.applyToSegment(segment, { kind: "found-empty" }, withLost(segment.record, lost));
  return portSucceeded(undefined);
}

async function keepSpooled(
  work: SegmentWork,
  { file, encryptionData }: SpooledSegment,
): Promise<PortOutcome<void>> {
  const { context, segment } = work;
  const found = await recordedIn(work, file.plaintextLengthBytes);
  if (!found.ok) return found;
  const { recorded, lost } = found.value;
  const gone = refusalOfLoss(work, lost);
  if (gone !== null) {
    await context.spool.remove(segment.record.segmentId);
    return gone;
  }
  const change = { encryptionData, recorded, ...withLost(segment.record, lost) };
  context.ledger.applyToSegment(segment, { kind: "spooled", file }, change);
  return portSucceeded(undefined);
}

function withLost(
  { lost: before = [] }: SegmentRecord,
  lost: readonly TimeRange[],
): Pick<SegmentRecord, "lost"> {
  if (lost.length === 0) return {};
  return { lost: [...before, ...lost].toSorted((one, other) => one.startUtcMs - other.startUtcMs) };
}

/** What was there at Finish, or when it was read before, is left out only if somebody has decided so. */
function refusalOfLoss(work: SegmentWork, lost: readonly TimeRange[]): PortOutcome<never> | null {
  if (lost.length === 0 || work.cameraExport.record.goesWithoutLost === true) return null;
  const words = lostInWords(lost, work.context.signer.site.timeZone);
  return portFailed("permanent", {
    code: "FOOTAGE_GONE",
    message: `The archive no longer holds footage that it held when this was asked for, ${words}.`,
  });
}

function lostOfAll({ range, recorded, encryptionData }: SegmentRecord): TimeRange[] {
  if (recorded !== null) return lostFootage(range, recorded.gaps, null);
  return encryptionData === null ? [] : [range];
}

/**
 * Waits until the archive has had time, by its own clock, to index what was recorded last. A sleeping machine's clock
 * goes on, so it is read again after each wake; a clock that is set back makes nobody wait longer than the archive
 * takes.
 */
async function untilIndexed({ context, request, segment, call }: SegmentWork): Promise<void> {
  const { endUtcMs } = segment.record.range;
  const enoughAtMs = performance.now() + RECORDING_DELAY_MS;
  for (;;) {
    const hurry = call.hurry?.();
    const archiveNowMs = await context.archive.now(request.cameraId, call);
    const enoughInMs = Math.ceil(enoughAtMs - performance.now());
    const missingMs = Math.min(endUtcMs + RECORDING_DELAY_MS - archiveNowMs, enoughInMs);
    if (missingMs <= 0 || call.signal.aborted) return;
    await context.pause(missingMs, hurry === undefined ? call.signal : AbortSignal.any([call.signal, hurry]));
  }
}

function jobOf({ cameraExport, request, segment, recipient }: SegmentWork): SpoolJob {
  const { segmentId, plannedLengthBytes, cameraExportId } = segment.record;
  const { exportId } = cameraExport.record;
  const { cameraId, recording } = request;
  const range = { ...segment.record.range, recording };
  return { segmentId, exportId, cameraExportId, cameraId, range, lengthBytes: plannedLengthBytes, recipient };
}

/** A segment that waits for its turn is queued; it is being exported once its bytes are requested. */
function observerOf({ context, cameraExport, segment }: SegmentWork): ReadingObserver {
  const { segmentId } = segment.record;
  return {
    onBegin: () => {
      if (segment.record.state.kind !== "queued") return;
      context.ledger.applyToSegment(segment, { kind: "export-started" });
    },
    onProgress: (readBytes) =>
      context.progress.report(cameraExport.record.exportId, segmentId, { readBytes }),
  };
}

/**
 * What the archive says about exactly the bytes that were read, and what of the plan it has lost since. Footage of
 * the last seconds was not in its index when the export was planned; then the archive is asked again.
 * @returns `recorded` null where the answer does not fit the bytes: better no fact than a wrong one
 */
async function recordedIn(
  { context, request, segment, call }: SegmentWork,
  readBytes: number,
): Promise<PortOutcome<{ recorded: RecordedFootage | null; lost: TimeRange[] }>> {
  const { recorded: before, plannedLengthBytes, range } = segment.record;
  if (before !== null && plannedLengthBytes === readBytes) {
    return portSucceeded({ recorded: before, lost: [] });
  }
  const { cameraId, recording } = request;
  const planned = await context.archive.planExport(cameraId, { ...range, recording }, call);
  if (!planned.ok && planned.error.kind !== "no-footage") return planned;
  const now = planned.ok ? recordedFootageOf(planned.value) : null;
  const recorded = planned.ok && planned.value.lengthBytes === readBytes ? now : null;
  const lost = before === null ? [] : lostFootage(range, before.gaps, now?.gaps ?? null);
  return portSucceeded({ recorded, lost });
}
