import {
  type ExportsChange,
  type ExportsSnapshot,
  type ExportSummary,
  summaryOf,
} from "#shared/domain/export-status.ts";
import type { ExportLedger } from "./export-ledger.ts";
import { statusOf } from "./export-status-view.ts";
import type { TransferProgress } from "./transfer-progress.ts";

/**
 * What all exports look like, for whoever shows them: computed once, and anew only for those that changed. A site has
 * hundreds of finished exports with thousands of segments, of which none changes any more.
 */
export class ExportStatusFeed {
  readonly #ledger: ExportLedger;
  readonly #progress: TransferProgress;
  /** In order of creation. */
  readonly #summaries = new Map<string, ExportSummary>();
  /** Ids of exports, or of camera exports of theirs, that are not yet looked at again. */
  readonly #marked = new Set<string>();
  /** Exports whose change nobody was told of. */
  readonly #unannounced = new Set<string>();
  readonly #exportOfCameraExport = new Map<string, string>();
  #announcedRevision = 0;
  #revision = 0;
  readonly #steadyNow: () => number;

  /** @param steadyNow milliseconds that only go forward, the same that the pipeline waits by */
  constructor(
    ledger: ExportLedger,
    progress: TransferProgress,
    steadyNow: () => number = () => performance.now(),
  ) {
    this.#steadyNow = steadyNow;
    this.#ledger = ledger;
    this.#progress = progress;
    for (const { record } of ledger.all()) this.#marked.add(record.exportId);
  }

  /**
   * Notes that something changed.
   * @param id of an export, or of one of its camera exports
   */
  mark(id: string): void {
    this.#marked.add(id);
  }

  /** Everything as it is now, newest first. */
  snapshot(): ExportsSnapshot {
    this.#refresh();
    return { revision: this.#revision, toldAtMs: this.#steadyNow(), exports: this.#newestFirst() };
  }

  /** What changed since this was called last; null when nothing did. */
  takeChange(): ExportsChange | null {
    this.#refresh();
    const fromRevision = this.#announcedRevision;
    if (fromRevision === this.#revision) return null;
    this.#announcedRevision = this.#revision;
    const changed = this.#newestFirst().filter(({ exportId }) => this.#unannounced.has(exportId));
    const removed = [...this.#unannounced].filter((exportId) => !this.#summaries.has(exportId));
    this.#unannounced.clear();
    return { fromRevision, revision: this.#revision, toldAtMs: this.#steadyNow(), changed, removed };
  }

  #refresh(): void {
    if (this.#marked.size === 0) return;
    this.#revision += 1;
    const changed = new Set([...this.#marked].map((id) => this.#exportIdOf(id)));
    this.#marked.clear();
    // A rate falls while nothing moves, without anything that would tell.
    for (const one of this.#summaries.values())
      if (one.rateBytesPerSecond !== null) changed.add(one.exportId);
    for (const exportId of changed) this.#lookAgain(exportId);
  }

  #lookAgain(exportId: string): void {
    const tracked = this.#ledger.find(exportId);
    if (tracked !== undefined) this.#summaries.set(exportId, summaryOf(statusOf(tracked, this.#progress)));
    else if (!this.#summaries.delete(exportId)) return;
    this.#unannounced.add(exportId);
  }

  #exportIdOf(id: string): string {
    if (this.#ledger.find(id) !== undefined) return id;
    if (!this.#exportOfCameraExport.has(id)) this.#readCameraExports();
    return this.#exportOfCameraExport.get(id) ?? id;
  }

  #readCameraExports(): void {
    for (const { record, cameraExports } of this.#ledger.all())
      for (const cameraExport of cameraExports)
        this.#exportOfCameraExport.set(cameraExport.record.cameraExportId, record.exportId);
  }

  #newestFirst(): ExportSummary[] {
    return [...this.#summaries.values()].toReversed();
  }
}
