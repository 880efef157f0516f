import type { CameraExportRequest } from "#shared/domain/export-request.ts";
import type { ExportAccount } from "#shared/domain/export-status.ts";
import type { ExportLedger } from "./export-ledger.ts";
import type { EvidenceDestination } from "../ports/evidence-destination.ts";
import type { FootageArchive } from "../ports/footage-archive.ts";
import type { ManifestSigner } from "../ports/manifest-signer.ts";
import type { PortCall } from "../ports/port-call.ts";
import type { RecipientKey, SegmentSpool } from "../ports/segment-spool.ts";
import type { TrackedCameraExport, TrackedSegment } from "./tracked-export.ts";
import type { TransferProgress } from "./transfer-progress.ts";

/** How many uploads of one camera export may run at the same time. */
export const PARALLEL_UPLOADS_PER_CAMERA = 5;

/** Everything a stage works with, given as one argument. */
export interface PipelineContext {
  readonly archive: FootageArchive;
  /** One video is read from the archive at a time in the whole console: `readInTurn` enforces it. */
  readonly spool: SegmentSpool;
  /** The account for which the export was made. */
  readonly destination: EvidenceDestination;
  readonly signer: ManifestSigner;
  readonly ledger: ExportLedger;
  readonly progress: TransferProgress;
  /** What time it is, milliseconds UTC. */
  readonly now: () => number;
  /** Milliseconds that only go forward, as `performance.now()`: durations are measured with it. */
  readonly steadyNow: () => number;
  /** Whether the account was restored from a backup since it was last looked at: what fails there says nothing then. */
  readonly wasRestored: (call: PortCall) => Promise<boolean>;
  /** Resolves after the time, or at once when the signal aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Of all exports: which account a stage works with depends on the export. */
export interface PipelineParts extends Omit<PipelineContext, "destination" | "wasRestored"> {
  /** @param account null for an export that names none: the account as it is configured now */
  readonly destinationOf: (account: ExportAccount | null) => EvidenceDestination;
}

/** One camera export under way. */
export interface CameraExportWork {
  readonly context: PipelineContext;
  readonly cameraExport: TrackedCameraExport;
  /** What was asked for this camera in the wizard. */
  readonly request: CameraExportRequest;
  /** For calls that concern the camera export as a whole; its signal ends the work. */
  readonly call: PortCall;
}

/** A camera export whose evidence is there: what is sent to it is encrypted for this recipient. */
export interface EvidenceWork extends CameraExportWork {
  readonly evidenceId: string;
  readonly recipient: RecipientKey;
}

/** One of its segments; calls are told apart from those for others. */
export interface SegmentWork extends EvidenceWork {
  readonly segment: TrackedSegment;
}

/** Takes up a camera export until the signal aborts. @throws RangeError where it has no request: a bug */
export function workOn(
  context: PipelineContext,
  cameraExport: TrackedCameraExport,
  signal: AbortSignal,
): CameraExportWork {
  const { cameraExportId, index } = cameraExport.record;
  const request = cameraExport.ofExport.record.request.cameraExports[index];
  if (request === undefined) throw new RangeError("A camera export has no request.");
  return {
    ...{ context, cameraExport, request },
    call: context.progress.callFor(cameraExportId, cameraExportId, signal),
  };
}

/** The call for one piece of the work, such as a file. @param piece tells it from others of the camera export */
export function callForPiece({ context, cameraExport, call }: CameraExportWork, piece: string): PortCall {
  return context.progress.callFor(cameraExport.record.cameraExportId, piece, call.signal);
}

export function workOnSegment(work: EvidenceWork, segment: TrackedSegment): SegmentWork {
  return { ...work, segment, call: callForPiece(work, segment.record.segmentId) };
}
