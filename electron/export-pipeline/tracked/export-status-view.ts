import { joinedRanges } from "#shared/domain/lost-footage.ts";
import { isSettled, spooledFileOf } from "#shared/domain/segment-state.ts";
import type {
  CameraExportStatus,
  CameraExportStatusKind,
  ExportStatus,
  SegmentStatus,
} from "#shared/domain/export-status.ts";
import { assertNever, type Failure, failureOfExport } from "#shared/domain/failure.ts";
import { withPlainBlanks } from "#shared/domain/names-alike.ts";
import { visibleName } from "#shared/domain/names.ts";
import { evidenceIdOf, isEnded } from "#shared/domain/camera-export-state.ts";
import type { CameraExportRecord, SegmentRecord } from "../ports/export-journal.ts";
import { timeLeftMs } from "./time-left.ts";
import type { TrackedCameraExport, TrackedExport } from "./tracked-export.ts";
import type { SegmentProgress, TransferProgress } from "./transfer-progress.ts";

/** The one place where status is computed; tray, sidebar and notifications show the same. */
export function statusOf(tracked: TrackedExport, progress: TransferProgress): ExportStatus {
  const { record } = tracked;
  const cameraExports = tracked.cameraExports.map((cameraExport) =>
    cameraExportStatus(tracked, cameraExport, progress),
  );
  const doneBytes = sum(cameraExports.map((status) => status.doneBytes));
  const totalBytes = sum(cameraExports.map((status) => status.totalBytes ?? 0));
  const kind = overall(cameraExports.map((status) => status.kind));
  const moving = kind === "exporting" || kind === "uploading";
  const exportId = record.exportId;
  return {
    exportId,
    createdUtcMs: record.createdUtcMs,
    createdBy: visibleName(record.createdBy),
    caseAssociation: record.request.caseAssociation.kind,
    caseName: caseNameOf(tracked),
    caseId: record.caseId,
    account: record.account,
    kind,
    cameraExports,
    doneBytes,
    totalBytes,
    rateBytesPerSecond: moving ? progress.sendingRateOf(exportId) : null,
    timeLeftMs: moving ? timeLeftMs(exportId, segmentsOf(tracked), progress) : null,
    failure: cameraExports.find((status) => status.failure !== null)?.failure ?? null,
  };
}

function segmentsOf({ cameraExports }: TrackedExport): SegmentRecord[] {
  return cameraExports.flatMap(({ segments }) => segments.map(({ record }) => record));
}

function caseNameOf(tracked: TrackedExport): string | null {
  const { caseAssociation } = tracked.record.request;
  switch (caseAssociation.kind) {
    case "existing":
      return visibleName(caseAssociation.caseName);
    case "new":
      return visibleName(caseAssociation.newCase.name);
    case "none":
      return null;
    default:
      return assertNever(caseAssociation);
  }
}

function cameraExportStatus(
  tracked: TrackedExport,
  cameraExport: TrackedCameraExport,
  progress: TransferProgress,
): CameraExportStatus {
  const { record } = cameraExport;
  const request = tracked.record.request.cameraExports[record.index];
  if (request === undefined) throw new RangeError("A camera export has no request.");
  const segments = cameraExport.segments.map((segment) => segmentStatus(segment.record, progress));
  const waiting = isEnded(record.state) ? null : progress.waitingOf(record.cameraExportId);
  const kind = waiting === null ? kindOf(cameraExport) : "waiting";
  return {
    cameraExportId: record.cameraExportId,
    cameraId: request.cameraId,
    cameraName: visibleName(request.cameraName),
    name: visibleName(withPlainBlanks(request.name)),
    range: request.range,
    kind,
    evidenceId: evidenceIdOf(record.state),
    isSent: record.state.kind === "consolidating",
    segments,
    doneBytes: sum(segments.map((segment) => segment.doneBytes)),
    totalBytes: sum(segments.map((segment) => segment.totalBytes ?? 0)),
    failure: shown(record.state.kind === "failed" ? record.state.failure : (waiting?.failure ?? null)),
    nextRetryAtMs: waiting?.nextRetryAtMs ?? null,
    isAgain: segments.some(({ isAgain }) => isAgain),
    startedOver: startedOverOf(record),
    madeAnew: madeAnewOf(record),
    lost: joinedRanges(cameraExport.segments.flatMap(({ record: { lost = [] } }) => lost)),
  };
}

function startedOverOf({ startedOver }: CameraExportRecord): CameraExportStatus["startedOver"] {
  if (startedOver === undefined) return null;
  const { times, lastUtcMs, reason } = startedOver;
  return { times, lastUtcMs, reason: reason.message, wasRestored: reason.code === "SERVICE_RESTORED" };
}

function madeAnewOf({ madeAnew }: CameraExportRecord): CameraExportStatus["madeAnew"] {
  if (madeAnew === undefined) return null;
  const { times, lastUtcMs, reason } = madeAnew;
  return { times, lastUtcMs, reason: reason.message };
}

function kindOf(cameraExport: TrackedCameraExport): CameraExportStatusKind {
  const { state } = cameraExport.record;
  if (state.kind !== "queued" && state.kind !== "transferring") return state.kind;
  const kinds = new Set(cameraExport.segments.map((segment) => segment.record.state.kind));
  if (kinds.has("uploading") || kinds.has("uploaded") || kinds.has("spooled")) return "uploading";
  if (kinds.has("exporting")) return "exporting";
  if (kinds.has("verified")) return kinds.has("queued") ? "exporting" : "uploading";
  return "queued";
}

function segmentStatus(segment: SegmentRecord, progress: TransferProgress): SegmentStatus {
  const { state } = segment;
  const doneBytes = shownBytesOf(segment, progress);
  return {
    index: segment.index,
    range: segment.range,
    kind: state.kind,
    doneBytes,
    totalBytes: totalBytesOf(segment),
    isAgain: !isSettled(state) && bytesDoneNow(segment, progress) < doneBytes,
    failure: shown(state.kind === "failed" ? state.failure : null),
  };
}

/** What is shown of a segment never runs back: what is read or sent again counts once. */
export function shownBytesOf(segment: SegmentRecord, progress: TransferProgress): number {
  const totalBytes = totalBytesOf(segment);
  const keptBytes = Math.max(doneBytesOf(segment, NOTHING_MOVED), segment.shownBytes ?? 0);
  if (keptBytes >= totalBytes) {
    progress.isWhole(segment.segmentId);
    return totalBytes;
  }
  const doneBytes = Math.max(bytesDoneNow(segment, progress), keptBytes);
  return Math.min(progress.neverLess(segment, doneBytes, keptBytes), totalBytes);
}

function totalBytesOf({ state, plannedLengthBytes }: SegmentRecord): number {
  return state.kind === "empty" ? 0 : (spooledFileOf(state)?.plaintextLengthBytes ?? plannedLengthBytes);
}

/**
 * A byte counts half when it is read and whole when it is sent, so that progress is steady over both and
 * the total is the size that the operator was shown before Finish.
 */
function bytesDoneNow(segment: SegmentRecord, progress: TransferProgress): number {
  return doneBytesOf(segment, progress.of(segment.segmentId));
}

/** Kinds and delays of a port stay inside. */
function shown(failure: Failure | null): Failure | null {
  return failure === null ? null : failureOfExport(failure);
}

const NOTHING_MOVED: SegmentProgress = { readBytes: 0, sentBytes: 0 };

function doneBytesOf(segment: SegmentRecord, { readBytes, sentBytes }: SegmentProgress): number {
  const totalBytes = totalBytesOf(segment);
  const { state } = segment;
  switch (state.kind) {
    case "queued":
    case "empty":
    case "cancelled":
      return 0;
    case "exporting":
      return Math.floor(readBytes / 2);
    case "spooled":
    case "uploading":
      return Math.floor((totalBytes * (1 + sentBytes / state.file.ciphertextLengthBytes)) / 2);
    case "failed":
      return state.file === null ? 0 : Math.floor(totalBytes / 2);
    case "uploaded":
    case "verified":
      return totalBytes;
    default:
      return assertNever(state);
  }
}

/** What needs the operator most comes first. */
const PRECEDENCE: readonly CameraExportStatusKind[] = [
  "failed",
  "waiting",
  "uploading",
  "exporting",
  "consolidating",
  "queued",
  "available",
  "cancelled",
];

function overall(kinds: readonly CameraExportStatusKind[]): CameraExportStatusKind {
  return PRECEDENCE.find((kind) => kinds.includes(kind)) ?? "queued";
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
