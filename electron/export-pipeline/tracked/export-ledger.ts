import { type CameraExportEvent, nextCameraExportState } from "#shared/domain/camera-export-state.ts";
import type { Failure } from "#shared/domain/failure.ts";
import type { ExportAccount } from "#shared/domain/export-status.ts";
import { nextSegmentState, type SegmentEvent } from "#shared/domain/segment-state.ts";
import { afterInterruption, nextSentFileState, type SentFileEvent } from "#shared/domain/sent-file-state.ts";
import type { MadeAnew } from "#shared/domain/made-anew.ts";
import { afterStartingOver, type StartedOver } from "#shared/domain/started-over.ts";
import { manifestAt, manifestStateOf } from "./manifest-state.ts";
import type {
  CameraExportRecord,
  ExportJournal,
  ExportRecord,
  JournalEntry,
  ManifestRecord,
  SegmentRecord,
} from "../ports/export-journal.ts";
import type { SpooledSegment } from "../ports/segment-spool.ts";
import {
  trackedExport,
  type TrackedCameraExport,
  type TrackedExport,
  type TrackedSegment,
} from "./tracked-export.ts";

/** What happens to a camera export and to its segments at the same time. */
export interface EventForAll {
  readonly event: CameraExportEvent;
  /** null for a segment that it does not concern. */
  readonly ofSegment: (segment: SegmentRecord) => SegmentEvent | null;
  /** What else changes in the same commit. */
  readonly startedOver?: CameraExportRecord["startedOver"];
  readonly shownBytesOf?: (segment: SegmentRecord) => number;
  readonly manifest?: ManifestRecord | null;
}

/** What a service that was restored has of an evidence. */
export interface SetBack {
  /** Ids of the files that it has whole; null where it does not know the evidence. */
  readonly stored: ReadonlySet<string> | null;
  /** The manifest, where that is among them. */
  readonly manifest: ManifestRecord | null;
  readonly reason: StartedOver["reason"];
  readonly nowUtcMs: number;
  readonly shownBytesOf: (segment: SegmentRecord) => number;
}

/**
 * All exports as they stand, in step with the journal: a change is committed there first and only then
 * seen by anyone. Every change of state goes through the domain's transition functions.
 */
export class ExportLedger {
  readonly #journal: ExportJournal;
  readonly #onChange: (exportId: string) => void;
  readonly #exports = new Map<string, TrackedExport>();
  readonly #segments = new Map<string, TrackedSegment>();

  /** @param onChange told the id of the export that changed, after the journal has it */
  constructor(journal: ExportJournal, onChange: (exportId: string) => void) {
    this.#journal = journal;
    this.#onChange = onChange;
    for (const entry of journal.load()) this.#remember(trackedExport(entry));
  }

  /** In order of creation. */
  all(): TrackedExport[] {
    return [...this.#exports.values()];
  }

  find(exportId: string): TrackedExport | undefined {
    return this.#exports.get(exportId);
  }

  /** Of all exports in the list. */
  segmentIds(): string[] {
    return [...this.#segments.keys()];
  }

  /** Undefined when it belongs to no export in the list. */
  findSegment(segmentId: string): TrackedSegment | undefined {
    return this.#segments.get(segmentId);
  }

  add(entry: JournalEntry): TrackedExport {
    this.#journal.add(entry);
    const added = trackedExport(entry);
    this.#remember(added);
    this.#onChange(entry.record.exportId);
    return added;
  }

  recordCase(ofExport: TrackedExport, caseId: string): void {
    this.#saveExport(ofExport, { ...ofExport.record, caseId });
  }

  /** The next evidence of the export asks for its case again. */
  forgetCase(ofExport: TrackedExport): void {
    this.#saveExport(ofExport, { ...ofExport.record, caseId: null });
  }

  recordAccount(ofExport: TrackedExport, account: ExportAccount): void {
    this.#saveExport(ofExport, { ...ofExport.record, account });
  }

  /** Takes it off the list. The archive's locks for it are owed from now on, until the archive has freed them. */
  dismiss({ record, cameraExports }: TrackedExport): void {
    this.#journal.dismiss(
      record,
      cameraExports.map((cameraExport) => cameraExport.record.cameraExportId),
    );
    this.#exports.delete(record.exportId);
    for (const { segments } of cameraExports) {
      for (const segment of segments) this.#segments.delete(segment.record.segmentId);
    }
    this.#onChange(record.exportId);
  }

  /** Of all exports, those that are off the list too. */
  accounts(): (ExportAccount | null)[] {
    return this.#journal.accounts();
  }

  /** Exports that are off the list, read one after the other. */
  dismissed(): Iterable<JournalEntry> {
    return this.#journal.dismissed();
  }

  /** Puts an export on the list again: the footage that it locks is owed to nobody any more. */
  bringBack(tracked: TrackedExport): void {
    for (const { record } of tracked.cameraExports) this.#journal.lockFreed(record.cameraExportId);
    this.#remember(tracked);
    this.#saveExport(tracked, { ...tracked.record, dismissed: false });
  }

  restorationOf(accountId: string): string | null {
    return this.#journal.restorationOf(accountId);
  }

  keepRestoration(accountId: string, restorationId: string): void {
    this.#journal.saveRestoration(accountId, restorationId);
  }

  /**
   * What the service has of it stays sent; the rest is sent again: from the spool where it still lies there.
   * @returns ids of the segments that are not there any more
   */
  setBack(
    cameraExport: TrackedCameraExport,
    { stored, manifest, reason, nowUtcMs, shownBytesOf }: SetBack,
  ): readonly string[] {
    const { startedOver } = cameraExport.record;
    const lost = cameraExport.segments
      .map(({ record }) => record)
      .filter((segment) => segment.state.kind === "verified" && !isAt(stored, segment));
    const told = afterStartingOver(startedOver, { confirmedBytes: 0, reason }, nowUtcMs);
    this.applyToAll(cameraExport, {
      event: { kind: stored === null ? "forgotten" : "set-back" },
      ofSegment: (segment) => setBackOf(segment, stored, cameraExport.record.state.kind === "failed"),
      ...{ manifest, shownBytesOf },
      // That was no fault of the evidence, and counts for nothing where it is begun in vain.
      ...(lost.length > 0 && { startedOver: { ...told, inVain: startedOver?.inVain ?? 0 } }),
    });
    return lost.map(({ segmentId }) => segmentId);
  }

  /** Of exports that are no longer in the list. */
  owedLocks(): string[] {
    return this.#journal.owedLocks();
  }

  lockFreed(lockId: string): void {
    this.#journal.lockFreed(lockId);
  }

  applyToSegment(
    segment: TrackedSegment,
    event: SegmentEvent,
    change: Partial<Pick<SegmentRecord, "encryptionData" | "recorded" | "lost">> = {},
  ): void {
    const { record, ofCameraExport } = segment;
    const after: SegmentRecord = { ...record, ...change, state: nextSegmentState(record.state, event) };
    this.#journal.saveSegment(after);
    segment.record = after;
    this.#onChange(ofCameraExport.record.exportId);
  }

  applyToCameraExport(cameraExport: TrackedCameraExport, event: CameraExportEvent): void {
    const state = nextCameraExportState(cameraExport.record.state, event);
    this.#saveCameraExport(cameraExport, { ...cameraExport.record, state });
  }

  /** The spool no longer has a segment as it was written: in one commit it is to be read again, and why is kept. */
  readAgain(segment: TrackedSegment, madeAnew: MadeAnew, shownBytes: number): void {
    const { ofCameraExport } = segment;
    const state = nextSegmentState(segment.record.state, { kind: "spool-file-useless" });
    const after = { ...segment.record, shownBytes, state };
    const record = { ...ofCameraExport.record, madeAnew };
    this.#journal.saveTogether(record, [after]);
    ofCameraExport.record = record;
    segment.record = after;
    this.#onChange(record.exportId);
  }

  /** The same for the manifest. */
  makeManifestAgain(cameraExport: TrackedCameraExport, madeAnew: MadeAnew): void {
    this.#saveCameraExport(cameraExport, { ...cameraExport.record, manifest: null, madeAnew });
  }

  goWithoutLost(cameraExport: TrackedCameraExport): void {
    this.#saveCameraExport(cameraExport, { ...cameraExport.record, goesWithoutLost: true });
  }

  /** The encrypted manifest is durable in the spool: from now on it is this file that is sent. */
  saveManifest(cameraExport: TrackedCameraExport, { file, encryptionData }: SpooledSegment): void {
    const manifest = { file, encryptionData, resourceId: null, verified: false };
    this.#saveCameraExport(cameraExport, { ...cameraExport.record, manifest });
  }

  /** @throws TypeError where there is no manifest yet: a bug */
  applyToManifest(cameraExport: TrackedCameraExport, event: SentFileEvent): void {
    const { record } = cameraExport;
    if (record.manifest === null) throw new TypeError("There is no manifest yet.");
    const manifest = manifestAt(record.manifest, nextSentFileState(manifestStateOf(record.manifest), event));
    this.#saveCameraExport(cameraExport, { ...record, manifest });
  }

  /** In one commit: camera export and segments must never disagree after a crash between them. */
  applyToAll(cameraExport: TrackedCameraExport, { event, ofSegment, ...changes }: EventForAll): void {
    const { record, segments } = cameraExport;
    const after = segments.map((segment) => {
      const change = ofSegment(segment.record);
      const shownBytes = changes.shownBytesOf?.(segment.record) ?? segment.record.shownBytes;
      const state = change === null ? segment.record.state : nextSegmentState(segment.record.state, change);
      return { ...segment.record, shownBytes, state };
    });
    const isAnew = event.kind === "forgotten" || event.kind === "begun-anew";
    this.#saveAll(cameraExport, after, {
      ...record,
      state: nextCameraExportState(record.state, event),
      generation: record.generation + (isAnew ? 1 : 0),
      manifest: manifestAfter(changes.manifest, isAnew, record),
      startedOver: changes.startedOver ?? record.startedOver,
    });
  }

  /** Ends a camera export. What was under way goes back to its last durable point, from which Retry goes on. */
  fail(cameraExport: TrackedCameraExport, failure: Failure): void {
    this.applyToAll(cameraExport, {
      event: { kind: "failed", failure },
      ofSegment: () => ({ kind: "interrupted" }),
    });
  }

  /** After a restart: what was under way goes back to its last durable point. */
  interruptFiles(cameraExport: TrackedCameraExport): void {
    const segments = cameraExport.segments.map(({ record }) => ({
      ...record,
      state: nextSegmentState(record.state, { kind: "interrupted" }),
    }));
    const manifest = interruptedManifest(cameraExport.record);
    this.#saveAll(cameraExport, segments, { ...cameraExport.record, manifest });
  }

  #remember(added: TrackedExport): void {
    this.#exports.set(added.record.exportId, added);
    for (const { segments } of added.cameraExports) {
      for (const segment of segments) this.#segments.set(segment.record.segmentId, segment);
    }
  }

  #saveAll(
    cameraExport: TrackedCameraExport,
    segments: readonly SegmentRecord[],
    record: CameraExportRecord,
  ): void {
    this.#journal.saveTogether(record, segments);
    cameraExport.record = record;
    for (const [at, segment] of cameraExport.segments.entries())
      segment.record = segments[at] ?? segment.record;
    this.#onChange(record.exportId);
  }

  #saveCameraExport(cameraExport: TrackedCameraExport, record: CameraExportRecord): void {
    this.#journal.saveCameraExport(record);
    cameraExport.record = record;
    this.#onChange(record.exportId);
  }

  #saveExport(ofExport: TrackedExport, record: ExportRecord): void {
    this.#journal.saveExport(record);
    ofExport.record = record;
    this.#onChange(record.exportId);
  }
}

function manifestAfter(
  given: ManifestRecord | null | undefined,
  isAnew: boolean,
  record: CameraExportRecord,
): ManifestRecord | null {
  if (isAnew) return null;
  return given === undefined ? interruptedManifest(record) : given;
}

function isAt(stored: ReadonlySet<string> | null, { state }: SegmentRecord): boolean {
  return state.kind === "verified" && stored?.has(state.resourceId) === true;
}

/** @param hasFailed what has failed waits for an operator */
function setBackOf(
  segment: SegmentRecord,
  stored: ReadonlySet<string> | null,
  hasFailed: boolean,
): SegmentEvent | null {
  if (isAt(stored, segment)) return null;
  return segment.state.kind === "failed" && !hasFailed ? { kind: "retry" } : { kind: "forgotten" };
}

function interruptedManifest({ manifest }: CameraExportRecord): ManifestRecord | null {
  return manifest && manifestAt(manifest, afterInterruption(manifestStateOf(manifest)));
}
