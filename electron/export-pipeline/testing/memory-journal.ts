import type { Failure } from "#shared/domain/failure.ts";
import type { ExportAccount } from "#shared/domain/export-status.ts";
import { JournalRefused } from "../ports/journal-refused.ts";
import type {
  CameraExportRecord,
  ExportJournal,
  ExportRecord,
  JournalEntry,
  SegmentRecord,
} from "../ports/export-journal.ts";

/** A journal in memory that keeps rows as text, so that nobody holds on to what was not written. */
export class MemoryJournal implements ExportJournal {
  readonly #exports = new Map<string, string>();
  readonly #cameraExports = new Map<string, string>();
  readonly #segments = new Map<string, string>();
  readonly #owedLocks = new Set<string>();
  readonly #restorations = new Map<string, string>();
  /** Where it is not null, nothing can be written, and this is why. */
  refusal: Failure | null = null;

  load(): JournalEntry[] {
    return this.#entries(false);
  }

  dismissed(): JournalEntry[] {
    return this.#entries(true);
  }

  accounts(): (ExportAccount | null)[] {
    const all = rows<ExportRecord>(this.#exports).map(({ account }) => JSON.stringify(account));
    return [...new Set(all)].map((text) => JSON.parse(text) as ExportAccount | null);
  }

  restorationOf(accountId: string): string | null {
    return this.#restorations.get(accountId) ?? null;
  }

  saveRestoration(accountId: string, restorationId: string): void {
    this.#refuse();
    this.#restorations.set(accountId, restorationId);
  }

  #entries(areDismissed: boolean): JournalEntry[] {
    return rows<ExportRecord>(this.#exports)
      .filter(({ dismissed }) => dismissed === areDismissed)
      .toSorted((one, other) => one.createdUtcMs - other.createdUtcMs)
      .map((record) => ({
        record,
        cameraExports: rows<CameraExportRecord>(this.#cameraExports)
          .filter(({ exportId }) => exportId === record.exportId)
          .map((cameraExport) => ({ record: cameraExport, segments: this.segmentsOf(cameraExport) })),
      }));
  }

  #refuse(): void {
    if (this.refusal !== null) throw new JournalRefused(this.refusal, null);
  }

  add(entry: JournalEntry): void {
    this.saveExport(entry.record);
    for (const { record, segments } of entry.cameraExports) this.saveTogether(record, segments);
  }

  saveExport(record: ExportRecord): void {
    this.#refuse();
    this.#exports.set(record.exportId, JSON.stringify(record));
  }

  saveCameraExport(record: CameraExportRecord): void {
    this.#refuse();
    this.#cameraExports.set(record.cameraExportId, JSON.stringify(record));
  }

  saveSegment(record: SegmentRecord): void {
    this.#refuse();
    this.#segments.set(record.segmentId, JSON.stringify(record));
  }

  saveTogether(cameraExport: CameraExportRecord, segments: readonly SegmentRecord[]): void {
    this.saveCameraExport(cameraExport);
    for (const segment of segments) this.saveSegment(segment);
  }

  dismiss(record: ExportRecord, lockIds: readonly string[]): void {
    this.saveExport({ ...record, dismissed: true });
    for (const lockId of lockIds) this.#owedLocks.add(lockId);
  }

  owedLocks(): string[] {
    return [...this.#owedLocks];
  }

  lockFreed(lockId: string): void {
    this.#refuse();
    this.#owedLocks.delete(lockId);
  }

  segmentsOf({ cameraExportId }: CameraExportRecord): SegmentRecord[] {
    return rows<SegmentRecord>(this.#segments).filter((segment) => segment.cameraExportId === cameraExportId);
  }
}

function rows<T>(texts: ReadonlyMap<string, string>): T[] {
  return [...texts.values()].map((text) => JSON.parse(text) as T);
}
