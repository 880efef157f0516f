import type { ExportAccount } from "#shared/domain/export-status.ts";
import type { ExportLedger, LiveCameraExport, LiveExport } from "./export-ledger.ts";
import type { EvidenceDestination } from "./ports/evidence-destination.ts";
import type { FootageArchive } from "./ports/footage-archive.ts";
import type { ManifestSigner } from "./ports/manifest-signer.ts";
import type { SegmentSpool } from "./ports/segment-spool.ts";
import type { TransferProgress } from "./transfer-progress.ts";

/** Uploads of one camera export at the same time (S16). */
export const PARALLEL_UPLOADS_PER_CAMERA = 5;

/** Everything a stage works with, given as one argument. */
export interface PipelineContext {
  readonly archive: FootageArchive;
  /** One video is read from the archive at a time over the whole console (S15): `readInTurn` sees to it. */
  readonly spool: SegmentSpool;
  /** The account that the export was made for. */
  readonly destination: EvidenceDestination;
  readonly signer: ManifestSigner;
  readonly ledger: ExportLedger;
  readonly progress: TransferProgress;
  /** What time it is, milliseconds UTC. */
  readonly now: () => number;
  /** Milliseconds that only go forward, as `performance.now()`: whatever lasts is measured with it. */
  readonly steadyNow: () => number;
  /** Resolves after the time, or at once when the signal aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Of all exports: which account a stage works with depends on the export. */
export interface PipelineParts extends Omit<PipelineContext, "destination"> {
  /** @param account null for an export that names none: the account as it is configured now */
  readonly destinationOf: (account: ExportAccount | null) => EvidenceDestination;
}

/** One camera export under way. */
export interface CameraExportWork {
  readonly context: PipelineContext;
  readonly live: LiveExport;
  readonly cameraExport: LiveCameraExport;
  readonly signal: AbortSignal;
}

/** What was asked for this camera in the wizard. */
export function requestOf(work: Pick<CameraExportWork, "live" | "cameraExport">) {
  const request = work.live.record.request.cameraExports[work.cameraExport.record.index];
  if (request === undefined) throw new RangeError("A camera export has no request.");
  return request;
}
