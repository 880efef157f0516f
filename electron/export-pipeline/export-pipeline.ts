import { type CameraExportState, isEnded } from "#shared/domain/camera-export-state.ts";
import type { ExportAccount, ExportStatus } from "#shared/domain/export-status.ts";
import type { NewCase } from "#shared/domain/case.ts";
import { failed, type Failure, type Outcome, succeeded } from "#shared/domain/failure.ts";
import { afterAskingAgain } from "#shared/domain/started-over.ts";
import { isSettled, type SegmentEvent } from "#shared/domain/segment-state.ts";
import { isSpoilt } from "#shared/domain/spoilt-evidence.ts";
import { type CaseSource, runCameraExport, unlock } from "./camera-export-run.ts";
import type { LiveCameraExport, LiveExport } from "./export-ledger.ts";
import { SharedCall } from "./limits/shared-call.ts";
import { shownBytesOf, statusOf } from "./export-status-view.ts";
import type { CameraExportWork, PipelineContext, PipelineParts } from "./pipeline-context.ts";
import { manifestFileId, needsSpooledManifest, removeSpooledManifest } from "./stages/manifest.ts";
import { bytesToSend } from "./time-left.ts";
import { untilKept } from "./until-kept.ts";
import type { JournalEntry, SegmentRecord } from "./ports/export-journal.ts";
import { JournalRefused } from "./ports/journal-refused.ts";
import { ABORTED, type PortCall, type PortOutcome, portSucceeded } from "./ports/port-call.ts";

/** A bug inside the pipeline: it must be seen and must not end the process. */
export type BugReport = (error: unknown) => void;

/**
 * The exports of this console, from Finish to available. What may be asked was checked before
 * (`export-intake`); what happens is written to the ledger, and status is computed from it.
 */
export class ExportPipeline {
  readonly #context: PipelineParts;
  readonly #reportBug: BugReport;
  readonly #running = new Map<string, { abort: AbortController; done: Promise<void> }>();
  readonly #stopped = new AbortController();
  readonly #beingEnded = new Map<string, Promise<Outcome<void>>>();
  readonly #beingFreed = new Set<string>();
  readonly #casesBeingCreated = new Map<string, SharedCall<string>>();

  constructor(context: PipelineParts, reportBug: BugReport) {
    this.#context = context;
    this.#reportBug = reportBug;
  }

  /**
   * Goes on with everything unfinished, in order of creation, clears the spool of what belongs to nothing and
   * frees again the locks of what has ended or was dismissed: the last start may have ended in between.
   * @param account whose exports those are that were made before exports named their account
   */
  async resume(account: ExportAccount | null = null): Promise<void> {
    const exports = this.#context.ledger.all();
    for (const live of exports) {
      if (live.record.account === null && account !== null) this.#context.ledger.recordAccount(live, account);
    }
    await this.#context.spool.sweep(neededSpoolFiles(exports)).catch(this.#reportBug);
    for (const live of exports) {
      for (const cameraExport of live.cameraExports) {
        const { state } = cameraExport.record;
        if (isEnded(state) && state.kind !== "failed") this.#unlockAside(live, cameraExport);
      }
      this.#run(live, true);
    }
    this.#freeOwedLocks();
  }

  /** Enters an export that was checked; a repeated id answers the export that exists. */
  start(entry: JournalEntry): void {
    if (this.#context.ledger.find(entry.record.exportId) !== undefined) return;
    this.#run(this.#context.ledger.add(entry));
  }

  /** Newest first. */
  statuses(): ExportStatus[] {
    const { ledger, progress } = this.#context;
    return ledger
      .all()
      .map((live) => statusOf(live, progress))
      .toReversed();
  }

  /** One export with its segments; undefined when it is not in the list. */
  status(exportId: string): ExportStatus | undefined {
    const { ledger, progress } = this.#context;
    const live = ledger.find(exportId);
    return live && statusOf(live, progress);
  }

  /**
   * Of everything that has not ended and goes over the line before what is made now for an account. Exports of other
   * accounts that wait, as for a service that is away, do not go before anybody.
   */
  bytesToSend(account: ExportAccount | null): number {
    const { ledger, progress } = this.#context;
    const before = ledger.all().flatMap(({ record, cameraExports }) => {
      const isOfSame = record.account?.accountId === account?.accountId;
      return cameraExports.filter(
        ({ record: { state, cameraExportId } }) =>
          !isEnded(state) && (isOfSame || progress.waitingOf(cameraExportId) === null),
      );
    });
    return before.reduce((sum, { segments }) => sum + bytesToSend(segments, progress), 0);
  }

  /** Takes up what has failed, and ends the pause before the next try of what waits. */
  retry(exportId: string): Outcome<void> {
    const live = this.#context.ledger.find(exportId);
    if (live === undefined) return unknownExport();
    if (this.#beingEnded.has(exportId)) return failed("NOTHING_TO_RETRY", "This export is being ended.");
    const failures = live.cameraExports.filter(({ record }) => record.state.kind === "failed");
    const hurried = live.cameraExports.filter(({ record }) =>
      this.#context.progress.hurry(record.cameraExportId),
    );
    if (failures.length === 0 && hurried.length === 0) {
      return failed("NOTHING_TO_RETRY", "Nothing of this export has failed or waits.");
    }
    for (const cameraExport of failures) {
      this.#takeUp(cameraExport);
      // Its last run is told as failed a moment before it has ended.
      void this.#running.get(cameraExport.record.cameraExportId)?.done.then(() => this.#run(live));
    }
    this.#run(live);
    return succeeded(undefined);
  }

  /** Takes up what has failed because the archive has lost footage: what is left is sent, and what is missing is stated. */
  sendWithoutLost(exportId: string): Outcome<void> {
    const live = this.#context.ledger.find(exportId);
    if (live === undefined) return unknownExport();
    const lacking = live.cameraExports.filter(({ record }) => hasLostFootage(record.state));
    if (lacking.length === 0) return failed("NOTHING_TO_RETRY", "Nothing of this export lacks footage.");
    for (const cameraExport of lacking) this.#context.ledger.goWithoutLost(cameraExport);
    return this.retry(exportId);
  }

  /** Where it had got to; from its beginning, as another evidence, where nothing could come of what was sent. */
  #takeUp(cameraExport: LiveCameraExport): void {
    const { ledger, progress } = this.#context;
    const { state, startedOver } = cameraExport.record;
    const changes = {
      ofCameraExport: { startedOver: afterAskingAgain(startedOver) },
      ofSegment: (segment: SegmentRecord) => ({ shownBytes: shownBytesOf(segment, progress) }),
    };
    if (state.kind === "failed" && isSpoilt(state.failure)) {
      const anew = { kind: "begun-anew" } as const;
      ledger.applyToAll(cameraExport, anew, () => anew, changes);
    } else {
      ledger.applyToAll(cameraExport, { kind: "retry" }, (segment) => retried(segment), changes);
    }
  }

  /** Ends every pause: what stood in the way belongs to the time before the machine slept, or to another network. */
  goOn(): void {
    const { ledger, progress } = this.#context;
    for (const { cameraExports } of ledger.all()) {
      for (const { record } of cameraExports) progress.goOn(record.cameraExportId);
    }
    for (const lockId of this.#beingFreed) progress.goOn(lockId);
  }

  async cancel(exportId: string): Promise<Outcome<void>> {
    const live = this.#context.ledger.find(exportId);
    if (live === undefined) return unknownExport();
    return await this.#ending(exportId, () => this.#cancel(live));
  }

  /** Nobody takes an export up again while it is being ended, and it is ended by one at a time. */
  async #ending(exportId: string, end: () => Promise<Outcome<void>>): Promise<Outcome<void>> {
    const before = this.#beingEnded.get(exportId);
    const ending = before === undefined ? end() : before.then(end);
    this.#beingEnded.set(exportId, ending);
    return await ending.finally(() => {
      if (this.#beingEnded.get(exportId) === ending) this.#beingEnded.delete(exportId);
    });
  }

  async #cancel(live: LiveExport): Promise<Outcome<void>> {
    const open = live.cameraExports.filter(({ record }) => canBeCancelled(record.state.kind));
    if (open.length === 0)
      return failed("NOTHING_TO_CANCEL", "Everything of this export has been sent or has ended.");
    await this.#stopRunning(live);
    for (const cameraExport of open) {
      await this.#cancelCameraExport(live, cameraExport);
      this.#unlockAside(live, cameraExport);
    }
    this.#run(live);
    return succeeded(undefined);
  }

  /**
   * Takes an export off the list that has ended, or waits for nothing but a service that has it as a whole: that
   * service may never answer again. What has failed gives up its spool files and its lock.
   */
  async dismiss(exportId: string): Promise<Outcome<void>> {
    const live = this.#context.ledger.find(exportId);
    if (live === undefined) return unknownExport();
    return await this.#ending(exportId, () => this.#dismiss(live));
  }

  async #dismiss(live: LiveExport): Promise<Outcome<void>> {
    if (!isDismissible(live)) return STILL_RUNNING;
    await this.#stopRunning(live);
    if (!isDismissible(live)) {
      // The service has just forgotten it, and it is sent anew.
      this.#run(live);
      return STILL_RUNNING;
    }
    for (const cameraExport of live.cameraExports) await this.#cancelCameraExport(live, cameraExport);
    this.#context.ledger.dismiss(live);
    this.#freeOwedLocks();
    return succeeded(undefined);
  }

  /** Ends all work at its next durable point; it resumes at the next start. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    const running = [...this.#running.values()];
    for (const { abort } of running) abort.abort();
    await Promise.all(running.map(({ done }) => done));
  }

  /** @param hasStopped it was under way when the console ended */
  #run(live: LiveExport, hasStopped = false): void {
    if (this.#stopped.signal.aborted) return;
    const caseId: CaseSource = (call) => this.#ensureCase(live, call);
    const context = this.#contextOf(live);
    for (const cameraExport of live.cameraExports) {
      const { cameraExportId, state } = cameraExport.record;
      if (isEnded(state) || this.#running.has(cameraExportId)) continue;
      const abort = new AbortController();
      const work: CameraExportWork = { context, live, cameraExport, signal: abort.signal };
      const done = untilKept(work, () => runCameraExport(work, caseId), hasStopped)
        .catch((error: unknown) => this.#failByBug(cameraExport, error))
        .finally(() => this.#running.delete(cameraExportId));
      this.#running.set(cameraExportId, { abort, done });
    }
  }

  /** Case creation comes first and exactly once per export: the export's id is its idempotency key. */
  async #ensureCase(live: LiveExport, call: PortCall): Promise<PortOutcome<string | null>> {
    const { exportId, request, caseId } = live.record;
    const { caseAssociation } = request;
    if (caseAssociation.kind !== "new" || caseId !== null) return portSucceeded(caseId);
    const { newCase } = caseAssociation;
    const creating =
      this.#casesBeingCreated.get(exportId) ??
      new SharedCall(
        (signal) => this.#createCase(live, newCase, { ...call, signal }),
        () => this.#casesBeingCreated.delete(exportId),
      );
    this.#casesBeingCreated.set(exportId, creating);
    return await creating.join(call.signal);
  }

  async #createCase(live: LiveExport, newCase: NewCase, call: PortCall): Promise<PortOutcome<string>> {
    const { exportId, createdBy } = live.record;
    const created = await this.#contextOf(live).destination.createCase(exportId, newCase, createdBy, call);
    if (!created.ok) return created;
    if (call.signal.aborted) return ABORTED;
    this.#context.ledger.recordCase(live, created.value.caseId);
    return portSucceeded(created.value.caseId);
  }

  /** Ids of one account are never used at another: whatever is done for an export is done at its own. */
  #contextOf(live: LiveExport): PipelineContext {
    return { ...this.#context, destination: this.#context.destinationOf(live.record.account) };
  }

  #failByBug(cameraExport: LiveCameraExport, error: unknown): void {
    this.#reportBug(error);
    if (isEnded(cameraExport.record.state)) return;
    try {
      this.#context.ledger.fail(cameraExport, INTERNAL);
    } catch (journalError) {
      this.#reportBug(journalError);
    }
  }

  async #stopRunning(live: LiveExport): Promise<void> {
    const running = live.cameraExports.flatMap(
      ({ record }) => this.#running.get(record.cameraExportId) ?? [],
    );
    for (const { abort } of running) abort.abort();
    await Promise.all(running.map(({ done }) => done));
  }

  async #cancelCameraExport(live: LiveExport, cameraExport: LiveCameraExport): Promise<void> {
    const context = this.#contextOf(live);
    if (!canBeCancelled(cameraExport.record.state.kind)) return;
    context.ledger.applyToAll(cameraExport, { kind: "cancel" }, ({ state }) =>
      state.kind === "verified" || state.kind === "empty" || state.kind === "cancelled"
        ? null
        : { kind: "cancel" },
    );
    for (const segment of cameraExport.segments) await context.spool.remove(segment.segmentId);
    await removeSpooledManifest(context, cameraExport);
  }

  /**
   * What is off the list has nothing but the journal to remember its locks: they stay there until the archive has
   * freed them. Also of what became available: its own unlocking may not have got through yet.
   */
  #freeOwedLocks(): void {
    for (const lockId of this.#context.ledger.owedLocks()) {
      if (this.#beingFreed.has(lockId)) continue;
      this.#beingFreed.add(lockId);
      void this.#freeOwedLock(lockId)
        .catch(this.#reportBug)
        .finally(() => this.#beingFreed.delete(lockId));
    }
  }

  async #freeOwedLock(lockId: string): Promise<void> {
    const { archive, progress, ledger } = this.#context;
    const freed = await archive.unlock(lockId, progress.callFor(lockId, lockId, this.#stopped.signal));
    // The journal of a console that has stopped is closed; the next start frees it again.
    if (freed.ok && !this.#stopped.signal.aborted) unlessRefused(() => ledger.lockFreed(lockId));
  }

  /** Nobody waits for the archive here: where it cannot be reached, this goes on, at the latest at the next start. */
  #unlockAside(live: LiveExport, cameraExport: LiveCameraExport): void {
    const context = this.#contextOf(live);
    const work: CameraExportWork = { context, live, cameraExport, signal: this.#stopped.signal };
    void unlock(work).catch(this.#reportBug);
  }
}

function retried({ state }: SegmentRecord): SegmentEvent {
  return state.kind === "failed" ? { kind: "retry" } : { kind: "interrupted" };
}

const INTERNAL: Failure = {
  code: "INTERNAL",
  message: "The console made a mistake with this export.",
  action: "Press Retry. If it comes back, send the log to your administrator.",
};

/** For what the next start does again, or can do without. */
function unlessRefused(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof JournalRefused)) throw error;
  }
}

const STILL_RUNNING = failed("STILL_RUNNING", "This export has not ended yet. Cancel it first.");

function isDismissible({ cameraExports }: LiveExport): boolean {
  return cameraExports.every(({ record: { state } }) => isEnded(state) || state.kind === "consolidating");
}

function hasLostFootage(state: CameraExportState): boolean {
  return state.kind === "failed" && state.failure.code === "FOOTAGE_GONE";
}

function canBeCancelled(kind: string): boolean {
  return kind !== "available" && kind !== "consolidating" && kind !== "cancelled";
}

function unknownExport() {
  return failed("UNKNOWN_EXPORT", "This export is not in the list any more.");
}

/** Segments and manifests whose spool file is still needed. */
function neededSpoolFiles(exports: readonly LiveExport[]): Set<string> {
  const cameraExports = exports.flatMap((live) => live.cameraExports);
  const segments = cameraExports.flatMap((cameraExport) => cameraExport.segments);
  const needed = segments.filter(
    ({ state }) => "file" in state && state.file !== null && (state.kind === "failed" || !isSettled(state)),
  );
  const manifests = cameraExports.filter(needsSpooledManifest);
  return new Set([...needed.map(({ segmentId }) => segmentId), ...manifests.map(manifestFileId)]);
}
