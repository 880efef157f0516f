import type {
  CameraExportRecord,
  ExportRecord,
  JournalEntry,
  SegmentRecord,
} from "../ports/export-journal.ts";

/** An export in the list, as the journal has it now: the ledger alone puts another record in its place. */
export interface TrackedExport {
  record: ExportRecord;
  readonly cameraExports: TrackedCameraExport[];
}

export interface TrackedCameraExport {
  readonly ofExport: TrackedExport;
  record: CameraExportRecord;
  readonly segments: TrackedSegment[];
}

export interface TrackedSegment {
  readonly ofCameraExport: TrackedCameraExport;
  record: SegmentRecord;
}

export function trackedExport({ record, cameraExports }: JournalEntry): TrackedExport {
  const ofExport: TrackedExport = { record, cameraExports: [] };
  for (const entry of cameraExports) {
    const ofCameraExport: TrackedCameraExport = { ofExport, record: entry.record, segments: [] };
    for (const segment of entry.segments) ofCameraExport.segments.push({ ofCameraExport, record: segment });
    ofExport.cameraExports.push(ofCameraExport);
  }
  return ofExport;
}
