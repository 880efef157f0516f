import { afterMakingAnew } from "#shared/domain/made-anew.ts";
import type { SentFileEvent, SentFileState } from "#shared/domain/sent-file-state.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import { MANIFEST_MIME_TYPE, MANIFEST_NAME } from "#shared/manifest/manifest.ts";
import { manifestText, signedManifestText } from "#shared/manifest/signed-manifest.ts";
import { manifestStateOf } from "../tracked/manifest-state.ts";
import { callForPiece, type EvidenceWork } from "../tracked/pipeline-context.ts";
import type { SendingObserver } from "../ports/evidence-destination.ts";
import type { ManifestRecord } from "../ports/export-journal.ts";
import { type PortFailure, type PortOutcome, portSucceeded } from "../ports/port-call.ts";
import type { TrackedCameraExport } from "../tracked/tracked-export.ts";
import { manifestOf } from "./manifest-content.ts";
import type { FileOnItsWay } from "./send-file.ts";

/** The manifest on its way, once every segment is verified: it is made of what the journal has of them, and signed. */
export class ManifestFile implements FileOnItsWay {
  readonly work: EvidenceWork;
  readonly fileId: string;

  constructor(work: EvidenceWork) {
    this.fileId = manifestFileId(work.cameraExport);
    this.work = { ...work, call: callForPiece(work, this.fileId) };
  }

  get #record(): ManifestRecord | null {
    return this.work.cameraExport.record.manifest;
  }

  state(): SentFileState | null {
    return this.#record && manifestStateOf(this.#record);
  }

  isToBeMade(): boolean {
    return this.#record === null;
  }

  async make(): Promise<PortOutcome<void>> {
    const { context, cameraExport, recipient, call } = this.work;
    const { destination, signer, spool, ledger } = context;
    const registered = await destination.registerDeviceKey(signer.key(), call);
    if (!registered.ok) return registered;
    const clock = await destination.measureClock(call);
    if (!clock.ok) return clock;
    const manifest = manifestOf(this.work, clock.value);
    const text = signedManifestText({ manifest, signature: signer.sign(manifestText(manifest)) });
    const written = await spool.writeDocument({ fileId: this.fileId, text, recipient }, call);
    if (!written.ok) return written;
    ledger.saveManifest(cameraExport, written.value);
    return portSucceeded(undefined);
  }

  about(): { name: string; mimeType: string; range: TimeRange } {
    return { name: MANIFEST_NAME, mimeType: MANIFEST_MIME_TYPE, range: this.work.request.range };
  }

  encryptionData(): string {
    return this.#record?.encryptionData ?? "";
  }

  apply(event: SentFileEvent): void {
    this.work.context.ledger.applyToManifest(this.work.cameraExport, event);
  }

  /** Nobody has seen the first one: what another one says may differ. */
  takeBack(reason: PortFailure): void {
    const { context, cameraExport } = this.work;
    const madeAnew = afterMakingAnew(cameraExport.record.madeAnew, reason, context.now());
    context.ledger.makeManifestAgain(cameraExport, madeAnew);
  }

  /** Figures are of footage; it is too small to tell the rate of a line. */
  counted(send: (counter: SendingObserver) => Promise<PortOutcome<void>>): Promise<PortOutcome<void>> {
    return send({ onPlace: () => undefined, onProgress: () => undefined });
  }
}

export function manifestFileId({ record }: TrackedCameraExport): string {
  return `${record.cameraExportId}-manifest`;
}

/** Whether a spool file of the manifest may still be sent. */
export function needsSpooledManifest({ record }: TrackedCameraExport): boolean {
  const { manifest, state } = record;
  return manifest?.verified === false && (state.kind === "transferring" || state.kind === "failed");
}
