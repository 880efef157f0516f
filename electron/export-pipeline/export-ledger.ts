import { type CameraExportEvent, nextCameraExportState } from "#shared/domain/camera-export-state.ts";
import type { Failure } from "#shared/domain/failure.ts";
import type { ExportAccount } from "#shared/domain/export-status.ts";
import { nextSegmentState, type SegmentEvent } from "#shared/domain/segment-state.ts";
import type { MadeAnew } from "#shared/domain/made-anew.ts";
import type {
  CameraExportRecord,
  ExportJournal,
  ExportRecord,
  JournalEntry,
  ManifestRecord,
  SegmentRecord,
} from "./ports/export-journal.ts";

export interface LiveCameraExport {
  record: CameraExportRecord;
  readonly segments: SegmentRecord[];
}

export interface LiveExport {
  record: ExportRecord;
  readonly cameraExports: LiveCameraExport[];
}

/** What else changes with an event that concerns a camera export and its segments. */
export interface ChangesTogether {
  readonly ofCameraExport?: Pick<CameraExportRecord, "startedOver">;
  readonly ofSegment?: (segment: SegmentRecord) => Pick<SegmentRecord, "shownBytes">;
}

/** A segment as it stands, and whose it is. */
export interface FoundSegment {
  readonly live: LiveExport;
  readonly cameraExport: LiveCameraExport;
  readonly segment: SegmentRecord;
}

/**
 * All exports as they stand, in step with the journal: a change is committed there first and only then
 * seen by anyone. Every change of state goes through the domain's transition functions.
 */
export class ExportLedger {
  readonly #journal: ExportJournal;
  readonly #onChange: (exportId: string) => void;
  readonly #exports = new Map<string, LiveExport>();
  /** Where each segment is; it stays at its index. */
  readonly #places = new Map<string, Omit<FoundSegment, "segment"> & { readonly index: number }>();

  /** @param onChange told the id of the export that changed, after the journal has it */
  constructor(journal: ExportJournal, onChange: (exportId: string) => void) {
    this.#journal = journal;
    this.#onChange = onChange;
    for (const entry of journal.load()) this.#remember(asLive(entry));
  }

  /** In order of creation. */
  all(): LiveExport[] {
    return [...this.#exports.values()];
  }

  find(exportId: string): LiveExport | undefined {
    return this.#exports.get(exportId);
  }

  /** Of all exports in the list. */
  segmentIds(): string[] {
    return [...this.#places.keys()];
  }

  /** Undefined when it is of no export in the list. */
  findSegment(segmentId: string): FoundSegment | undefined {
    const place = this.#places.get(segmentId);
    return place && { ...place, segment: segmentAt(place.cameraExport, place.index) };
  }

  add(entry: JournalEntry): LiveExport {
    this.#journal.add(entry);
    const live = asLive(entry);
    this.#remember(live);
    this.#onChange(entry.record.exportId);
    return live;
  }

  recordCase(live: LiveExport, caseId: string): void {
    this.#saveExport(live, { ...live.record, caseId });
  }

  recordAccount(live: LiveExport, account: ExportAccount): void {
    this.#saveExport(live, { ...live.record, account });
  }

  /** Off the list; what the archive has locked for it is owed from now on, until it is told to be freed. */
  dismiss(live: LiveExport): void {
    this.#journal.dismiss(
      live.record,
      live.cameraExports.map(({ record }) => record.cameraExportId),
    );
    this.#exports.delete(live.record.exportId);
    for (const { segments } of live.cameraExports) {
      for (const { segmentId } of segments) this.#places.delete(segmentId);
    }
    this.#onChange(live.record.exportId);
  }

  /** Of exports that are not in the list any more. */
  owedLocks(): string[] {
    return this.#journal.owedLocks();
  }

  lockFreed(lockId: string): void {
    this.#journal.lockFreed(lockId);
  }

  applyToSegment(
    cameraExport: LiveCameraExport,
    index: number,
    event: SegmentEvent,
    change: Partial<Pick<SegmentRecord, "encryptionData" | "recorded" | "lost">> = {},
  ): SegmentRecord {
    const before = segmentAt(cameraExport, index);
    const after: SegmentRecord = {
      ...before,
      ...change,
      state: nextSegmentState(before.state, event),
    };
    this.#journal.saveSegment(after);
    cameraExport.segments[index] = after;
    this.#onChange(cameraExport.record.exportId);
    return after;
  }

  applyToCameraExport(cameraExport: LiveCameraExport, event: CameraExportEvent): void {
    const state = nextCameraExportState(cameraExport.record.state, event);
    this.#saveCameraExport(cameraExport, { ...cameraExport.record, state });
  }

  /** The spool no longer has a segment as it was written: in one commit it is to be read again, and why is kept. */
  readAgain(cameraExport: LiveCameraExport, index: number, madeAnew: MadeAnew, shownBytes: number): void {
    const before = segmentAt(cameraExport, index);
    const state = nextSegmentState(before.state, { kind: "spool-file-useless" });
    const after = { ...before, shownBytes, state };
    const record = { ...cameraExport.record, madeAnew };
    this.#journal.saveTogether(record, [after]);
    cameraExport.record = record;
    cameraExport.segments[index] = after;
    this.#onChange(record.exportId);
  }

  /** The same for the manifest. */
  makeManifestAgain(cameraExport: LiveCameraExport, madeAnew: MadeAnew): void {
    this.#saveCameraExport(cameraExport, { ...cameraExport.record, manifest: null, madeAnew });
  }

  goWithoutLost(cameraExport: LiveCameraExport): void {
    this.#saveCameraExport(cameraExport, { ...cameraExport.record, goesWithoutLost: true });
  }

  saveManifest(cameraExport: LiveCameraExport, manifest: ManifestRecord): void {
    this.#saveCameraExport(cameraExport, { ...cameraExport.record, manifest });
  }

  /**
   * The same event for the camera export and for its segments, in one commit: the two must never disagree
   * after a crash between them.
   */
  applyToAll(
    cameraExport: LiveCameraExport,
    event: CameraExportEvent,
    segmentEvent: (segment: SegmentRecord) => SegmentEvent | null,
    changes: ChangesTogether = {},
  ): void {
    const segments = cameraExport.segments.map((segment) => {
      const change = segmentEvent(segment);
      const changed = { ...segment, ...changes.ofSegment?.(segment) };
      return change === null ? changed : { ...changed, state: nextSegmentState(segment.state, change) };
    });
    const record: CameraExportRecord = {
      ...cameraExport.record,
      state: nextCameraExportState(cameraExport.record.state, event),
      ...((event.kind === "forgotten" || event.kind === "begun-anew") && {
        generation: cameraExport.record.generation + 1,
        manifest: null,
      }),
      ...changes.ofCameraExport,
    };
    this.#journal.saveTogether(record, segments);
    cameraExport.record = record;
    cameraExport.segments.splice(0, segments.length, ...segments);
    this.#onChange(cameraExport.record.exportId);
  }

  /** Ends a camera export; what of it was under way goes back to its last durable point, for Retry to go on from. */
  fail(cameraExport: LiveCameraExport, failure: Failure): void {
    this.applyToAll(cameraExport, { kind: "failed", failure }, () => ({ kind: "interrupted" }));
  }

  /** After a restart: what was under way goes back to its last durable point. */
  interruptSegments(cameraExport: LiveCameraExport): void {
    for (const segment of cameraExport.segments) {
      this.applyToSegment(cameraExport, segment.index, { kind: "interrupted" });
    }
  }

  #remember(live: LiveExport): void {
    this.#exports.set(live.record.exportId, live);
    for (const cameraExport of live.cameraExports) {
      for (const [index, { segmentId }] of cameraExport.segments.entries()) {
        this.#places.set(segmentId, { live, cameraExport, index });
      }
    }
  }

  #saveCameraExport(cameraExport: LiveCameraExport, record: CameraExportRecord): void {
    this.#journal.saveCameraExport(record);
    cameraExport.record = record;
    this.#onChange(record.exportId);
  }

  #saveExport(live: LiveExport, record: ExportRecord): void {
    this.#journal.saveExport(record);
    live.record = record;
    this.#onChange(record.exportId);
  }
}

function asLive(entry: JournalEntry): LiveExport {
  return {
    record: entry.record,
    cameraExports: entry.cameraExports.map(({ record, segments }) => ({ record, segments: [...segments] })),
  };
}

/** @throws RangeError for an index the camera export does not have: a bug */
export function segmentAt(cameraExport: LiveCameraExport, index: number): SegmentRecord {
  const segment = cameraExport.segments[index];
  if (segment === undefined) throw new RangeError(`There is no segment ${index}.`);
  return segment;
}
