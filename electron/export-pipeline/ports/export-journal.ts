import type { CameraExportState } from "#shared/domain/camera-export-state.ts";
import type { ExportAccount } from "#shared/domain/export-status.ts";
import type { ExportRequest } from "#shared/domain/export-request.ts";
import type { SegmentState } from "#shared/domain/segment-state.ts";
import type { SpooledFile } from "#shared/domain/sent-file-state.ts";
import type { MadeAnew } from "#shared/domain/made-anew.ts";
import type { StartedOver } from "#shared/domain/started-over.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import type { RecordedFootage } from "./footage-archive.ts";

export interface ExportRecord {
  readonly exportId: string;
  readonly createdUtcMs: number;
  readonly createdBy: string;
  readonly request: ExportRequest;
  /** The account it was made for, and stays with; null for one made before exports named it. */
  readonly account: ExportAccount | null;
  /** The case the evidence goes to, once it is known; null for none or not yet created. */
  readonly caseId: string | null;
  readonly dismissed: boolean;
}

/**
 * The manifest from the moment its encrypted file is durable in the spool. The file is never made anew while
 * this is there: whatever is tried again sends the same bytes. It goes when the spool no longer has that file.
 */
export interface ManifestRecord {
  readonly file: SpooledFile;
  readonly encryptionData: string;
  /** Its place at the service, once there is one. */
  readonly resourceId: string | null;
  /** All bytes are at the service; not told by records from before it was kept. */
  readonly uploaded?: boolean | undefined;
  /** The service has it, whole. */
  readonly verified: boolean;
}

export interface CameraExportRecord {
  readonly cameraExportId: string;
  readonly exportId: string;
  readonly index: number;
  readonly state: CameraExportState;
  /** Counts how often the evidence had to be created anew; part of its external id. */
  readonly generation: number;
  /** Where the camera belongs, for the manifest; null when the archive did not tell. */
  readonly cameraArea: string | null;
  /** null until every segment is verified. */
  readonly manifest: ManifestRecord | null;
  /** Once the service has forgotten the evidence. */
  readonly startedOver?: StartedOver | undefined;
  /** Once a file in the spool was lost or had changed. */
  readonly madeAnew?: MadeAnew | undefined;
  /** An operator has decided that it is sent without what the archive has lost. */
  readonly goesWithoutLost?: boolean | undefined;
}

export interface SegmentRecord {
  readonly segmentId: string;
  readonly cameraExportId: string;
  readonly index: number;
  readonly range: TimeRange;
  readonly state: SegmentState;
  readonly encryptionData: string | null;
  /** Exact length of the footage to read, as planned before Finish. */
  readonly plannedLengthBytes: number;
  /** What the archive recorded in the range; null while that is not known. */
  readonly recorded: RecordedFootage | null;
  /** Bytes done that were shown when it had to be sent anew: what is shown never runs back. */
  readonly shownBytes?: number | undefined;
  /** What the archive held at Finish and had lost when it was read; only where it is sent without. */
  readonly lost?: readonly TimeRange[] | undefined;
}

export interface JournalEntry {
  readonly record: ExportRecord;
  readonly cameraExports: readonly {
    readonly record: CameraExportRecord;
    readonly segments: readonly SegmentRecord[];
  }[];
}

/**
 * The durable record of every export. A write has reached the disk when the call returns; one writer. One that came to
 * nothing because of the disk throws JournalRefused.
 * `load` answers everything not dismissed in order of creation, of the same instant as it was added, re-parsed; it throws
 * JournalUnreadable for rows it does not understand, and never drops one.
 */
export interface ExportJournal {
  load(): JournalEntry[];
  add(entry: JournalEntry): void;
  saveExport(record: ExportRecord): void;
  saveCameraExport(record: CameraExportRecord): void;
  saveSegment(record: SegmentRecord): void;
  /** Several records in one commit. */
  saveTogether(cameraExport: CameraExportRecord, segments: readonly SegmentRecord[]): void;
  /** Takes an export off the list; in the same commit its locks become owed to the archive. */
  dismiss(record: ExportRecord, lockIds: readonly string[]): void;
  /** Locks of dismissed exports that the archive may still hold. */
  owedLocks(): string[];
  /** The archive has freed it, or it is wanted again. */
  lockFreed(lockId: string): void;
  /** Exports that are off the list, in order of creation; each is read and re-parsed when it is asked for. */
  dismissed(): Iterable<JournalEntry>;
  /** Of all exports, each once; null for such as name none. */
  accounts(): (ExportAccount | null)[];
  /** The latest restoration of an account's service that was dealt with; null: none yet. */
  restorationOf(accountId: string): string | null;
  saveRestoration(accountId: string, restorationId: string): void;
}
