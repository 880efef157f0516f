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
  readonly failure: Failure | null;
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
  readonly segments: readonly SegmentStatus[];
  /** A byte counts half when read from the archive and whole when sent; the total is the footage's exact size. */
  readonly doneBytes: number;
  readonly totalBytes: number | null;
  readonly failure: Failure | null;
  /** When the next attempt is made, for `waiting`. */
  readonly nextRetryUtcMs: number | null;
}

export interface ExportStatus {
  readonly exportId: string;
  readonly createdUtcMs: number;
  readonly createdBy: string;
  readonly caseAssociation: CaseAssociation["kind"];
  readonly caseName: string | null;
  readonly caseId: string | null;
  readonly kind: CameraExportStatusKind;
  readonly cameraExports: readonly CameraExportStatus[];
  readonly doneBytes: number;
  readonly totalBytes: number | null;
  readonly rateBytesPerSecond: number | null;
  readonly timeLeftMs: number | null;
  readonly failure: Failure | null;
}

/** An issue turns the tray icon red: something failed, or waits for what should be there (S17). */
export function hasIssue(status: ExportStatus): boolean {
  return status.kind === "failed" || status.kind === "waiting";
}

export function isUnfinished(status: ExportStatus): boolean {
  return status.kind !== "available" && status.kind !== "failed" && status.kind !== "cancelled";
}
