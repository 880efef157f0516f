import type { CaseAssociation } from "./case.ts";
import type { Failure } from "./failure.ts";
import type { TimeRange } from "./time-range.ts";

/**
 * What an operator sees of exports: computed in one place in the main process, pushed over IPC,
 * and shown alike by tray and sidebar.
 */
export type SegmentStatusKind =
  | "queued"
  | "exporting"
  | "spooled"
  | "uploading"
  | "uploaded"
  | "verified"
  | "empty"
  | "failed"
  | "cancelled";

export interface SegmentStatus {
  readonly index: number;
  readonly range: TimeRange;
  readonly kind: SegmentStatusKind;
  readonly doneBytes: number;
  /** Exact once known from the archive, null before. */
  readonly totalBytes: number | null;
  /** It is read or sent once more: `doneBytes` stands until it has got that far again. */
  readonly isAgain: boolean;
  readonly failure: Failure | null;
}

/** Whose evidence an export becomes: made for one account, an export is never sent to another. */
export interface ExportAccount {
  readonly accountId: string;
  /** As people know it. */
  readonly name: string;
  /** Origin of its web application; null where it is not known yet, or changes with each start. */
  readonly webAddress: string | null;
}

/** `waiting`: something outside (service, network, disk) must come back; it is tried again by itself. */
export type CameraExportStatusKind =
  "queued" | "exporting" | "uploading" | "waiting" | "consolidating" | "available" | "failed" | "cancelled";

export interface CameraExportStatus {
  readonly cameraExportId: string;
  readonly cameraId: string;
  readonly cameraName: string;
  readonly name: string;
  readonly range: TimeRange;
  readonly kind: CameraExportStatusKind;
  readonly evidenceId: string | null;
  /** The service has all of it, and joins it to one video. */
  readonly isSent: boolean;
  readonly segments: readonly SegmentStatus[];
  /** A byte counts half when read from the archive and whole when sent; the total is the footage's exact size. */
  readonly doneBytes: number;
  readonly totalBytes: number | null;
  readonly failure: Failure | null;
  /**
   * When the next attempt is made, for `waiting`, by main's clock that only goes forward: a clock that is set must neither
   * lengthen nor end the wait that is shown.
   */
  readonly nextRetryAtMs: number | null;
  /** Parts are read or sent once more. */
  readonly isAgain: boolean;
  /** How often the service had forgotten the evidence, when last, and what it said; null: never. */
  readonly startedOver: {
    readonly times: number;
    readonly lastUtcMs: number;
    readonly reason: string;
    /** It was restored from a backup since; otherwise it removed what was not complete in time. */
    readonly wasRestored: boolean;
  } | null;
  /** How often a file was made anew because of the spool, when last, and what was found; null: never. */
  readonly madeAnew: {
    readonly times: number;
    readonly lastUtcMs: number;
    readonly reason: string;
  } | null;
  /** What the archive held at Finish and lost before it was read: it is sent without, as an operator decided. */
  readonly lost: readonly TimeRange[];
}

export interface ExportStatus {
  readonly exportId: string;
  readonly createdUtcMs: number;
  readonly createdBy: string;
  readonly caseAssociation: CaseAssociation["kind"];
  readonly caseName: string | null;
  readonly caseId: string | null;
  /** null: made before exports named their account. */
  readonly account: ExportAccount | null;
  readonly kind: CameraExportStatusKind;
  readonly cameraExports: readonly CameraExportStatus[];
  readonly doneBytes: number;
  readonly totalBytes: number | null;
  /** Of the line: bytes of this export that are sent; null while none are. */
  readonly rateBytesPerSecond: number | null;
  readonly timeLeftMs: number | null;
  readonly failure: Failure | null;
}

/** A camera export as lists show it: how many segments it has and how far they are, without the segments. */
export interface CameraExportSummary extends Omit<CameraExportStatus, "segments"> {
  readonly segmentCount: number;
  /** Of them those with footage, and of those the ones that the service has. */
  readonly withFootageCount: number;
  readonly verifiedCount: number;
}

/**
 * An export without its segments, which are thousands: they are asked for when somebody looks at them.
 */
export interface ExportSummary extends Omit<ExportStatus, "cameraExports"> {
  readonly cameraExports: readonly CameraExportSummary[];
}

/** Every export, newest first, as of a revision: a number that grows with every change. */
export interface ExportsSnapshot {
  readonly revision: number;
  /** What main's clock that only goes forward said when this was told: `nextRetryAtMs` is compared with it. */
  readonly toldAtMs: number;
  readonly exports: readonly ExportSummary[];
}

/** What became different between two revisions. Who has not seen the first asks for everything anew. */
export interface ExportsChange {
  readonly fromRevision: number;
  readonly revision: number;
  /** As in `ExportsSnapshot`. */
  readonly toldAtMs: number;
  /** Whole summaries, newest first; of exports that were not there before too, which are newer than all others. */
  readonly changed: readonly ExportSummary[];
  /** Ids of exports that left the list. */
  readonly removed: readonly string[];
}

/** Sums up a status for lists. */
export function summaryOf(status: ExportStatus): ExportSummary {
  return { ...status, cameraExports: status.cameraExports.map(cameraExportSummaryOf) };
}

function cameraExportSummaryOf({ segments, ...rest }: CameraExportStatus): CameraExportSummary {
  const withFootage = segments.filter(({ kind }) => kind !== "empty");
  return {
    ...rest,
    segmentCount: segments.length,
    withFootageCount: withFootage.length,
    verifiedCount: withFootage.filter(({ kind }) => kind === "verified").length,
  };
}

/**
 * A snapshot with a change in it; null where changes between the two are missing.
 * A change that the snapshot holds already leaves it as it is.
 */
export function withChange(snapshot: ExportsSnapshot, change: ExportsChange): ExportsSnapshot | null {
  if (change.revision <= snapshot.revision) return snapshot;
  if (change.fromRevision > snapshot.revision) return null;
  const changed = new Map(change.changed.map((one) => [one.exportId, one]));
  const removed = new Set(change.removed);
  const kept = snapshot.exports
    .filter(({ exportId }) => !removed.has(exportId))
    .map((one) => changed.get(one.exportId) ?? one);
  const known = new Set(snapshot.exports.map(({ exportId }) => exportId));
  const added = change.changed.filter(({ exportId }) => !known.has(exportId));
  return { revision: change.revision, toldAtMs: change.toldAtMs, exports: [...added, ...kept] };
}

/** An issue turns the tray icon red: something failed, or waits for what should be there. */
export function hasIssue(status: Pick<ExportStatus, "kind">): boolean {
  return status.kind === "failed" || status.kind === "waiting";
}

/** Something of it goes on by itself: also while another camera of it has failed, which is what the whole tells. */
export function isUnfinished({ cameraExports }: WithCameras): boolean {
  return cameraExports.some(({ kind }) => !hasEnded(kind));
}

/** Something of it can be cancelled. What the service has as a whole cannot: only the service can end that. */
export function isCancellable({ cameraExports }: WithCameras): boolean {
  return cameraExports.some(({ kind, isSent }) => !hasEnded(kind) && !isSent);
}

function hasEnded(kind: CameraExportStatusKind): boolean {
  return kind === "available" || kind === "failed" || kind === "cancelled";
}

/** Of a status or a summary of one. */
interface WithCameras {
  readonly cameraExports: readonly Pick<CameraExportStatus, "kind" | "isSent">[];
}

/** Of a status or a summary of one. */
interface WithAccount {
  readonly account: ExportAccount | null;
  readonly cameraExports: readonly { readonly kind: CameraExportStatusKind }[];
}

/** Whether something of it may still be asked of its account, by itself or by Retry. */
export function needsItsAccount({ cameraExports }: WithAccount): boolean {
  return cameraExports.some(({ kind }) => kind !== "available" && kind !== "cancelled");
}

/** The accounts that exports of this list may still ask for something. */
export function neededAccounts(statuses: readonly WithAccount[]): Set<string> {
  const needed = statuses.filter(needsItsAccount);
  return new Set(needed.flatMap(({ account }) => account?.accountId ?? []));
}
