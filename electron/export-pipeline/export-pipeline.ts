import { type CameraExportState, isEnded } from "#shared/domain/camera-export-state.ts";
import type { ExportAccount, ExportStatus } from "#shared/domain/export-status.ts";
import type { NewCase } from "#shared/domain/case.ts";
import { failed, failureOfExport, type Outcome, succeeded } from "#shared/domain/failure.ts";
import { afterAskingAgain } from "#shared/domain/started-over.ts";
import { type SegmentEvent, type SegmentState } from "#shared/domain/segment-state.ts";
import { isSpoilt } from "./spoilt-evidence.ts";
import { type CaseSource, runCameraExport } from "./camera-export-run.ts";
import { unlockFootage } from "./stages/footage-lock.ts";
import { neededSpoolFiles } from "./needed-spool-files.ts";
import { FootageUnlocks } from "./footage-unlocks.ts";
import { RestoredAccounts } from "./restored-accounts.ts";
import { SharedCall } from "./limits/shared-call.ts";
import { shownBytesOf, statusOf } from "./tracked/export-status-view.ts";
import { type PipelineContext, type PipelineParts, workOn } from "./tracked/pipeline-context.ts";
import { manifestFileId } from "./stages/manifest-file.ts";
import { bytesToSend } from "./tracked/time-left.ts";
import { untilKept } from "./until-kept.ts";
import type { JournalEntry, SegmentRecord } from "./ports/export-journal.ts";
import { JournalRefused } from "./ports/journal-refused.ts";
import { ABORTED, type PortCall, type PortOutcome, portSucceeded } from "./ports/port-call.ts";
import type { TrackedCameraExport, TrackedExport } from "./tracked/tracked-export.ts";

/** Reports a bug inside the pipeline: it must be seen, and must not end the process. */
export type BugReport = (error: unknown) => void;

/**
 * The exports of this console, from Finish to available. `export-intake` has checked the request before. What happens
 * is written to the ledger, and status is computed from it.
 */
export class ExportPipeline {
  readonly #context: PipelineParts;
  readonly #reportBug: BugReport;
  readonly #running = new Map<string, { abort: AbortController; done: Promise<void> }>();
  readonly #stopped = new AbortController();
  readonly #beingEnded = new Map<string, Promise<Outcome<void>>>();
  readonly #unlocks = new FootageUnlocks();
  readonly #restored: RestoredAccounts;
  readonly #casesBeingCreated = new Map<string, SharedCall<string>>();

  constructor(context: PipelineParts, reportBug: BugReport) {
    this.#context = context;
    this.#reportBug = reportBug;
    this.#restored = new RestoredAccounts(context, {
      ...{ stopped: this.#stopped.signal, reportBug },
      stop: (tracked: TrackedExport) => this.#stopAll(tracked),
      run: (tracked: TrackedExport) => this.#goOnWith(tracked),
    });
  }

  /** Asks the services whether they were restored from a backup; what they lack since then is sent again. */
  async lookForRestorations(): Promise<void> {
    await this.#restored.look().catch(this.#reportBug);
  }

  /**
   * Continues everything unfinished, in order of creation. Clears the spool of what belongs to nothing, and frees the
   * locks of what has ended or was dismissed once more, because the last run may have ended in between.
   * @param account whose exports those are that were made before exports named their account
   */
  async resume(account: ExportAccount | null = null): Promise<void> {
    const exports = this.#context.ledger.all();
    for (const tracked of exports) {
      if (tracked.record.account === null && account !== null)
        this.#context.ledger.recordAccount(tracked, account);
    }
    await this.#context.spool.sweep(neededSpoolFiles(exports)).catch(this.#reportBug);
    for (const tracked of exports) this.#goOnWith(tracked);
    this.#freeOwedLocks();
    void this.lookForRestorations();
  }

  /** Enters a checked export; a repeated id changes nothing. */
  start(entry: JournalEntry): void {
    if (this.#context.ledger.find(entry.record.exportId) !== undefined) return;
    this.#run(this.#context.ledger.add(entry));
  }

  /** Newest first. */
  statuses(): ExportStatus[] {
    const { ledger, progress } = this.#context;
    return ledger
      .all()
      .map((tracked) => statusOf(tracked, progress))
      .toReversed();
  }

  /** One export with its segments; undefined when it is not in the list. */
  status(exportId: string): ExportStatus | undefined {
    const { ledger, progress } = this.#context;
    const tracked = ledger.find(exportId);
    return tracked && statusOf(tracked, progress);
  }

  /**
   * Bytes of everything unfinished that will cross the line before an export that is made now for an account. Waiting
   * exports of other accounts, as for a service that is down, do not count.
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
    const records = before.flatMap(({ segments }) => segments.map(({ record }) => record));
    return bytesToSend(records, progress);
  }

  /** Resumes what has failed, and ends the pause before the next try of what waits. */
  retry(exportId: string): Outcome<void> {
    const tracked = this.#context.ledger.find(exportId);
    if (tracked === undefined) return unknownExport();
    if (this.#beingEnded.has(exportId)) return failed("NOTHING_TO_RETRY", "This export is being ended.");
    const failures = tracked.cameraExports.filter(({ record }) => record.state.kind === "failed");
    const hurried = tracked.cameraExports.filter(({ record }) =>
      this.#context.progress.hurry(record.cameraExportId),
    );
    if (failures.length === 0 && hurried.length === 0) {
      return failed("NOTHING_TO_RETRY", "Nothing of this export has failed or waits.");
    }
    for (const cameraExport of failures) {
      this.#takeUp(cameraExport);
      // Its last run is told as failed a moment before it has ended.
      void this.#running.get(cameraExport.record.cameraExportId)?.done.then(() => this.#run(tracked));
    }
    this.#run(tracked);
    return succeeded(undefined);
  }

  /**
   * Resumes what has failed because the archive has lost footage: what is left is sent, and what is missing is
   * stated.
   */
  sendWithoutLost(exportId: string): Outcome<void> {
    const tracked = this.#context.ledger.find(exportId);
    if (tracked === undefined) return unknownExport();
    const lacking = tracked.cameraExports.filter(({ record }) => hasLostFootage(record.state));
    if (lacking.length === 0) return failed("NOTHING_TO_RETRY", "Nothing of this export lacks footage.");
    for (const cameraExport of lacking) this.#context.ledger.goWithoutLost(cameraExport);
    return this.retry(exportId);
  }

  /**
   * Resumes it where it had got to; from its beginning, as another evidence, if what was sent can never become right.
   */
  #takeUp(cameraExport: TrackedCameraExport): void {
    const { ledger, progress } = this.#context;
    const { state, startedOver } = cameraExport.record;
    const changes = {
      startedOver: afterAskingAgain(startedOver),
      shownBytesOf: (segment: SegmentRecord) => shownBytesOf(segment, progress),
    };
    if (state.kind === "failed" && isSpoilt(state.failure)) {
      const event = { kind: "begun-anew" } as const;
      ledger.applyToAll(cameraExport, { event, ofSegment: () => event, ...changes });
    } else {
      ledger.applyToAll(cameraExport, { event: { kind: "retry" }, ofSegment: retried, ...changes });
    }
  }

  /** Ends every pause: what stood in the way belongs to the time before the machine slept, or to another network. */
  goOn(): void {
    const { ledger, progress } = this.#context;
    for (const { cameraExports } of ledger.all()) {
      for (const { record } of cameraExports) progress.goOn(record.cameraExportId);
    }
    for (const lockId of this.#unlocks.lockIds()) progress.goOn(lockId);
  }

  async cancel(exportId: string): Promise<Outcome<void>> {
    const tracked = this.#context.ledger.find(exportId);
    if (tracked === undefined) return unknownExport();
    return await this.#ending(exportId, () => this.#cancel(tracked));
  }

  /** Nobody resumes an export while it is being ended, and only one call at a time ends it. */
  async #ending(exportId: string, end: () => Promise<Outcome<void>>): Promise<Outcome<void>> {
    const before = this.#beingEnded.get(exportId);
    const ending = before === undefined ? end() : before.then(end);
    this.#beingEnded.set(exportId, ending);
    return await ending.finally(() => {
      if (this.#beingEnded.get(exportId) === ending) this.#beingEnded.delete(exportId);
    });
  }

  async #cancel(tracked: TrackedExport): Promise<Outcome<void>> {
    const open = tracked.cameraExports.filter(({ record }) => canBeCancelled(record.state.kind));
    if (open.length === 0)
      return failed("NOTHING_TO_CANCEL", "Everything of this export has been sent or has ended.");
    await this.#stopRunning(tracked);
    for (const cameraExport of open) {
      await this.#cancelCameraExport(cameraExport);
      this.#unlockAside(cameraExport);
    }
    this.#run(tracked);
    return succeeded(undefined);
  }

  /**
   * Takes an export off the list. It must have ended, or wait only for a service that has all of it: that service may
   * never answer again. What has failed gives up its spool files and its lock.
   */
  async dismiss(exportId: string): Promise<Outcome<void>> {
    const tracked = this.#context.ledger.find(exportId);
    if (tracked === undefined) return unknownExport();
    return await this.#ending(exportId, () => this.#dismiss(tracked));
  }

  async #dismiss(tracked: TrackedExport): Promise<Outcome<void>> {
    if (!isDismissible(tracked)) return STILL_RUNNING;
    await this.#stopRunning(tracked);
    if (!isDismissible(tracked)) {
      // The service has just forgotten it, and it is sent anew.
      this.#run(tracked);
      return STILL_RUNNING;
    }
    for (const cameraExport of tracked.cameraExports) await this.#cancelCameraExport(cameraExport);
    this.#context.ledger.dismiss(tracked);
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

  /** After a stop: what it held back goes on from its last durable point, and what has ended is unlocked once more. */
  #goOnWith(tracked: TrackedExport): void {
    for (const cameraExport of tracked.cameraExports) {
      const { state } = cameraExport.record;
      if (isEnded(state) && state.kind !== "failed") this.#unlockAside(cameraExport);
    }
    this.#run(tracked, true);
  }

  /** @param hasStopped it was under way when the console ended */
  #run(tracked: TrackedExport, hasStopped = false): void {
    if (this.#stopped.signal.aborted) return;
    const caseId: CaseSource = (call) => this.#ensureCase(tracked, call);
    const context = this.#contextOf(tracked);
    for (const cameraExport of tracked.cameraExports) {
      const { cameraExportId, state } = cameraExport.record;
      if (isEnded(state) || this.#running.has(cameraExportId)) continue;
      const abort = new AbortController();
      const work = workOn(context, cameraExport, abort.signal);
      const done = untilKept(work, () => runCameraExport(work, caseId), hasStopped)
        .catch((error: unknown) => this.#failByBug(cameraExport, error))
        .finally(() => this.#running.delete(cameraExportId));
      this.#running.set(cameraExportId, { abort, done });
    }
  }

  /** Creates the case first, and exactly once per export: the export's id is the idempotency key. */
  async #ensureCase(tracked: TrackedExport, call: PortCall): Promise<PortOutcome<string | null>> {
    const { exportId, request, caseId } = tracked.record;
    const { caseAssociation } = request;
    if (caseAssociation.kind !== "new" || caseId !== null) return portSucceeded(caseId);
    const { newCase } = caseAssociation;
    const creating =
      this.#casesBeingCreated.get(exportId) ??
      new SharedCall(
        (signal) => this.#createCase(tracked, newCase, { ...call, signal }),
        () => this.#casesBeingCreated.delete(exportId),
      );
    this.#casesBeingCreated.set(exportId, creating);
    return await creating.join(call.signal);
  }

  async #createCase(tracked: TrackedExport, newCase: NewCase, call: PortCall): Promise<PortOutcome<string>> {
    const { exportId, createdBy } = tracked.record;
    const request = { externalId: exportId, newCase, askedBy: createdBy };
    const created = await this.#contextOf(tracked).destination.createCase(request, call);
    if (!created.ok) return created;
    if (call.signal.aborted) return ABORTED;
    this.#context.ledger.recordCase(tracked, created.value.caseId);
    return portSucceeded(created.value.caseId);
  }

  /** Ids of one account are never used at another: everything for an export is done at its own account. */
  #contextOf(tracked: TrackedExport): PipelineContext {
    const { account } = tracked.record;
    const wasRestored = (call: PortCall) => this.#restored.isNews(account, call);
    return { ...this.#context, wasRestored, destination: this.#context.destinationOf(account) };
  }

  #failByBug(cameraExport: TrackedCameraExport, error: unknown): void {
    this.#reportBug(error);
    if (isEnded(cameraExport.record.state)) return;
    try {
      this.#context.ledger.fail(cameraExport, INTERNAL);
    } catch (journalError) {
      this.#reportBug(journalError);
    }
  }

  async #stopRunning(tracked: TrackedExport): Promise<void> {
    const running = tracked.cameraExports.flatMap(
      ({ record }) => this.#running.get(record.cameraExportId) ?? [],
    );
    for (const { abort } of running) abort.abort();
    await Promise.all(running.map(({ done }) => done));
  }

  async #stopAll(tracked: TrackedExport): Promise<void> {
    await this.#stopRunning(tracked);
    await this.#unlocks.stop(tracked.cameraExports.map(({ record }) => record.cameraExportId));
  }

  async #cancelCameraExport(cameraExport: TrackedCameraExport): Promise<void> {
    const { ledger, spool } = this.#context;
    if (!canBeCancelled(cameraExport.record.state.kind)) return;
    const event = { kind: "cancel" } as const;
    ledger.applyToAll(cameraExport, { event, ofSegment: ({ state }) => (isOver(state) ? null : event) });
    const segmentIds = cameraExport.segments.map(({ record }) => record.segmentId);
    for (const fileId of [...segmentIds, manifestFileId(cameraExport)]) await spool.remove(fileId);
  }

  /**
   * Only the journal remembers the locks of exports that are off the list, until the archive has freed them. This
   * includes available exports, whose own unlocking may not have got through yet.
   */
  #freeOwedLocks(): void {
    for (const lockId of this.#context.ledger.owedLocks()) {
      this.#unlocks.begin(lockId, (signal) =>
        this.#freeOwedLock(lockId, AbortSignal.any([signal, this.#stopped.signal])).catch(this.#reportBug),
      );
    }
  }

  async #freeOwedLock(lockId: string, signal: AbortSignal): Promise<void> {
    const { archive, progress, ledger } = this.#context;
    const freed = await archive.unlock(lockId, progress.callFor(lockId, lockId, signal));
    // The journal of a console that has stopped is closed; the next start frees it again.
    if (freed.ok && !signal.aborted) unlessRefused(() => ledger.lockFreed(lockId));
  }

  /**
   * Nobody waits for the archive here. If it cannot be reached, this is tried again, at the latest at the next start.
   */
  #unlockAside(cameraExport: TrackedCameraExport): void {
    const context = this.#contextOf(cameraExport.ofExport);
    this.#unlocks.begin(cameraExport.record.cameraExportId, async (aborted) => {
      const signal = AbortSignal.any([aborted, this.#stopped.signal]);
      await unlockFootage(workOn(context, cameraExport, signal)).catch(this.#reportBug);
    });
  }
}

function isOver({ kind }: SegmentState): boolean {
  return kind === "verified" || kind === "empty" || kind === "cancelled";
}

function retried({ state }: SegmentRecord): SegmentEvent {
  return state.kind === "failed" ? { kind: "retry" } : { kind: "interrupted" };
}

const INTERNAL = failureOfExport({
  code: "INTERNAL",
  message: "The console made a mistake with this export.",
});

/** For writes that the next start repeats, or can do without. */
function unlessRefused(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof JournalRefused)) throw error;
  }
}

const STILL_RUNNING = failed("STILL_RUNNING", "This export has not ended yet.");

function isDismissible({ cameraExports }: TrackedExport): boolean {
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
