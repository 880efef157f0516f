import type { ExportAccount } from "#shared/domain/export-status.ts";
import { evidenceIdOf } from "#shared/domain/camera-export-state.ts";
import { failureOfExport } from "#shared/domain/failure.ts";
import type { EvidenceDestination } from "./ports/evidence-destination.ts";
import type { ManifestRecord } from "./ports/export-journal.ts";
import { JournalRefused } from "./ports/journal-refused.ts";
import type { PortCall } from "./ports/port-call.ts";
import { manifestFileId } from "./stages/manifest-file.ts";
import { shownBytesOf } from "./tracked/export-status-view.ts";
import type { PipelineParts } from "./tracked/pipeline-context.ts";
import { type TrackedCameraExport, type TrackedExport, trackedExport } from "./tracked/tracked-export.ts";

/** What runs exports. */
interface ExportRuns {
  /** Ends all work on an export, also the unlocking of its footage, at its next durable point. */
  readonly stop: (tracked: TrackedExport) => Promise<void>;
  /** Goes on with what has not ended. */
  readonly run: (tracked: TrackedExport) => void;
}

export interface RestoredAccountsGiven extends ExportRuns {
  /** Of the console. */
  readonly stopped: AbortSignal;
  readonly reportBug: (error: unknown) => void;
}

const TRY_AGAIN_MS = 5_000;

const WHY = failureOfExport({
  code: "SERVICE_RESTORED",
  message: "The service was restored from a backup that is older than this evidence.",
});

/** Ids of the files that the service has whole; null where it does not know the evidence. */
type Stored = ReadonlySet<string> | null;

/**
 * Services that were restored from a backup have forgotten what came after it, though they had acknowledged it. A service
 * tells a restoration by an id; where it is another one than before, the service is asked for each evidence that this
 * console ever sent there and has a record of, whether its export is in the list or not. What is missing is sent again,
 * from the archive. Only then the id is kept: whatever interrupts this, the next look does it again, and finds the rest.
 */
export class RestoredAccounts {
  readonly #parts: PipelineParts;
  readonly #runs: ExportRuns;
  readonly #stopped: AbortSignal;
  readonly #reportBug: (error: unknown) => void;
  readonly #looking = new Map<string, Promise<void>>();

  constructor(parts: PipelineParts, { stopped, reportBug, ...runs }: RestoredAccountsGiven) {
    this.#reportBug = reportBug;
    this.#parts = parts;
    this.#runs = runs;
    this.#stopped = stopped;
  }

  /** At every account that exports were made for. */
  async look(): Promise<void> {
    const { ledger } = this.#parts;
    const accounts = new Map<string, ExportAccount | null>();
    for (const account of ledger.accounts()) accounts.set(keyOf(account), account);
    await Promise.all([...accounts.values()].map((account) => this.#lookOnce(account)));
  }

  /**
   * Whether an account was restored since the last look: what fails there says nothing then. The look that follows goes on
   * with whatever was stopped for it.
   */
  async isNews(account: ExportAccount | null, call: PortCall): Promise<boolean> {
    const id = await this.#news(account, call);
    if (id !== null) void this.#lookOnce(account, id).catch(this.#reportBug);
    return id !== null;
  }

  /** @returns the id that was not seen before; null where there is none, and where nobody can tell */
  async #news(account: ExportAccount | null, call: PortCall): Promise<string | null> {
    const told = await this.#destination(account).restoration(call);
    if (!told.ok || told.value === null || call.signal.aborted) return null;
    return told.value === this.#parts.ledger.restorationOf(keyOf(account)) ? null : told.value;
  }

  /** @param known the id, where it was told just now: whoever waits for this look has no other */
  async #lookOnce(account: ExportAccount | null, known: string | null = null): Promise<void> {
    const key = keyOf(account);
    const looking =
      this.#looking.get(key) ?? this.#untilKept(account, known).finally(() => this.#looking.delete(key));
    this.#looking.set(key, looking);
    await looking;
  }

  /** A journal whose disk is full takes it later. */
  async #untilKept(account: ExportAccount | null, known: string | null): Promise<void> {
    const call = { signal: this.#stopped, reportWaiting: () => undefined };
    while (!this.#stopped.aborted) {
      try {
        const id = known ?? (await this.#news(account, call));
        if (id !== null) await this.#lookAt(account, id, call);
        return;
      } catch (error) {
        if (!(error instanceof JournalRefused)) throw error;
        await this.#parts.pause(TRY_AGAIN_MS, this.#stopped);
      }
    }
  }

  async #lookAt(account: ExportAccount | null, id: string, call: PortCall): Promise<void> {
    const { ledger } = this.#parts;
    const key = keyOf(account);
    const isOfAccount = ({ record }: TrackedExport): boolean => keyOf(record.account) === key;
    for (const tracked of ledger.all().filter(isOfAccount)) await this.#setBack(tracked, call);
    for (const entry of ledger.dismissed()) {
      const tracked = trackedExport(entry);
      if (isOfAccount(tracked)) await this.#bringBack(tracked, call);
    }
    if (this.#stopped.aborted) return;
    ledger.keepRestoration(key, id);
    for (const tracked of ledger.all().filter(isOfAccount)) this.#runs.run(tracked);
  }

  /** An export that was taken off the list comes back where the service lacks evidence of it. */
  async #bringBack(tracked: TrackedExport, call: PortCall): Promise<void> {
    for (const { record } of tracked.cameraExports) {
      if ((await this.#storedOf(tracked, record.state, call)) === undefined) continue;
      await this.#runs.stop(tracked);
      this.#parts.ledger.bringBack(tracked);
      return await this.#setBack(tracked, call);
    }
  }

  /**
   * Whatever is under way ends first: what it was answered before would be taken for a failure after.
   */
  async #setBack(tracked: TrackedExport, call: PortCall): Promise<void> {
    const { ledger } = this.#parts;
    await this.#runs.stop(tracked);
    for (const cameraExport of tracked.cameraExports) {
      const stored = await this.#storedOf(tracked, cameraExport.record.state, call);
      if (stored !== undefined && !this.#stopped.aborted) await this.#setBackCamera(cameraExport, stored);
    }
    if (this.#stopped.aborted) return;
    // A case that the export made may be younger than the backup; made again it is the same where it is not.
    const makesCase = tracked.record.request.caseAssociation.kind === "new" && tracked.record.caseId !== null;
    if (makesCase) ledger.forgetCase(tracked);
    this.#runs.run(tracked);
  }

  /** @returns undefined where nothing has to be sent again, or nobody can tell */
  async #storedOf(
    { record }: TrackedExport,
    state: TrackedCameraExport["record"]["state"],
    call: PortCall,
  ): Promise<Stored | undefined> {
    const evidenceId = evidenceIdOf(state);
    if (evidenceId === null || state.kind === "cancelled") return undefined;
    const destination = this.#destination(record.account);
    const lifecycle = await destination.lifecycle(evidenceId, call);
    // Retry finds by itself that a failed one is not known any more.
    if (!lifecycle.ok) return lifecycle.error.kind === "gone" && state.kind !== "failed" ? null : undefined;
    if (lifecycle.value.kind !== "receiving") return undefined;
    const stored = await destination.storedFiles(evidenceId, call);
    if (stored.ok) return stored.value;
    return stored.error.kind === "gone" && state.kind !== "failed" ? null : undefined;
  }

  async #setBackCamera(cameraExport: TrackedCameraExport, stored: Stored): Promise<void> {
    const { ledger, progress, spool, now } = this.#parts;
    const { manifest } = cameraExport.record;
    const keptManifest = isStored(manifest, stored) ? manifest : null;
    const lost = ledger.setBack(cameraExport, {
      ...{ stored, manifest: keptManifest, reason: WHY, nowUtcMs: now() },
      shownBytesOf: (segment) => shownBytesOf(segment, progress),
    });
    for (const segmentId of lost) progress.forget(segmentId);
    // What it says of files that are made anew would be wrong, and the key that signs it may have to be registered again.
    if (keptManifest === null) await spool.remove(manifestFileId(cameraExport));
  }

  #destination(account: ExportAccount | null): EvidenceDestination {
    return this.#parts.destinationOf(account);
  }
}

function isStored(manifest: ManifestRecord | null, stored: Stored): boolean {
  if (manifest === null || stored === null || !manifest.verified || manifest.resourceId === null)
    return false;
  return stored.has(manifest.resourceId);
}

function keyOf(account: ExportAccount | null): string {
  return account?.accountId ?? "";
}
