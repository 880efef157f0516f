import { manifestText, signedManifestText } from "#shared/manifest/signed-manifest.ts";
import { MANIFEST_MIME_TYPE, MANIFEST_NAME } from "#shared/manifest/manifest.ts";
import type { LiveCameraExport } from "../export-ledger.ts";
import { type CameraExportWork, type PipelineContext, requestOf } from "../pipeline-context.ts";
import type { FileChecksum } from "../ports/evidence-destination.ts";
import type { ManifestRecord } from "../ports/export-journal.ts";
import { type PortCall, portFailed, type PortOutcome, portSucceeded } from "../ports/port-call.ts";
import type { RecipientKey } from "../ports/segment-spool.ts";
import { isMadeAnew, madeAnewOf } from "./make-anew.ts";
import { manifestOf } from "./manifest-content.ts";

/**
 * Makes, signs, spools and sends the manifest, once every segment is verified. The order keeps it one:
 * 1. its encrypted file is durable in the spool (made anew only if the process dies before 2);
 * 2. the journal has its checksums: from now on the same bytes are sent, whatever happens;
 * 3. it is uploaded under an external id of its own, completed, and its stored length compared;
 * 4. the journal calls it verified; the spool file goes.
 * Where the spool has lost it, or gives back other bytes, another one is made: nobody has seen the first.
 * @returns its checksum, for the completion of the evidence
 */
export async function sendManifest(
  work: CameraExportWork,
  evidenceId: string,
  recipient: RecipientKey,
): Promise<PortOutcome<FileChecksum>> {
  for (let madeAnew = 0; ; madeAnew += 1) {
    const { manifest } = work.cameraExport.record;
    const spooled =
      manifest === null ? await spoolManifest(work, evidenceId, recipient) : portSucceeded(manifest);
    if (!spooled.ok) return spooled;
    const sent = await uploadManifest(work, evidenceId, spooled.value);
    if (sent.ok || !isMadeAnew(sent.error, madeAnew)) return sent;
    work.context.ledger.makeManifestAgain(work.cameraExport, madeAnewOf(work, sent.error));
    await removeSpooledManifest(work.context, work.cameraExport);
  }
}

async function spoolManifest(
  work: CameraExportWork,
  evidenceId: string,
  recipient: RecipientKey,
): Promise<PortOutcome<ManifestRecord>> {
  const { destination, signer, spool, ledger } = work.context;
  const call = callOf(work);
  const registered = await destination.registerDeviceKey(signer.key(), call);
  if (!registered.ok) return registered;
  const clock = await destination.measureClock(call);
  if (!clock.ok) return clock;
  const manifest = manifestOf(work, evidenceId, clock.value);
  const text = signedManifestText({ manifest, signature: signer.sign(manifestText(manifest)) });
  const documentId = manifestFileId(work.cameraExport);
  const written = await spool.writeDocument({ documentId, text, recipient }, call);
  if (!written.ok) return written;
  const spooled: ManifestRecord = { ...written.value, resourceId: null, verified: false };
  ledger.saveManifest(work.cameraExport, spooled);
  return portSucceeded(spooled);
}

async function uploadManifest(
  work: CameraExportWork,
  evidenceId: string,
  manifest: ManifestRecord,
): Promise<PortOutcome<FileChecksum>> {
  const { file } = manifest;
  const place =
    manifest.verified && manifest.resourceId !== null
      ? portSucceeded(manifest.resourceId)
      : await sendAndVerify(work, evidenceId, manifest);
  if (!place.ok) return place;
  await removeSpooledManifest(work.context, work.cameraExport);
  return portSucceeded({ resourceId: place.value, sha512: file.ciphertextSha512 });
}

async function sendAndVerify(
  work: CameraExportWork,
  evidenceId: string,
  manifest: ManifestRecord,
): Promise<PortOutcome<string>> {
  const { destination, ledger } = work.context;
  const { record } = work.cameraExport;
  const { file, encryptionData } = manifest;
  const segmentId = manifestFileId(work.cameraExport);
  let place = manifest.resourceId;
  const sent = await destination.sendFile(
    {
      evidenceId,
      externalId: `${segmentId}-${record.generation}`,
      name: MANIFEST_NAME,
      mimeType: MANIFEST_MIME_TYPE,
      range: requestOf(work).range,
    },
    {
      ...{ segmentId, folder: file.folder ?? null, encryptionData },
      ...{ lengthBytes: file.ciphertextLengthBytes, blockCrcs: file.blockCrcs ?? null },
    },
    {
      onPlace: (resourceId) => {
        if (place === resourceId) return;
        place = resourceId;
        ledger.saveManifest(work.cameraExport, { ...manifest, resourceId });
      },
      onProgress: () => undefined,
    },
    callOf(work),
  );
  if (!sent.ok) return sent;
  if (place === null) throw new TypeError("A file was sent without a place for it.");
  const completed = await destination.completeResource(evidenceId, place, callOf(work));
  if (!completed.ok) return completed;
  if (completed.value.lengthBytes !== file.ciphertextLengthBytes) {
    return portFailed(
      "permanent",
      "STORED_LENGTH_DIFFERS",
      `The service stored ${completed.value.lengthBytes} bytes of the manifest's ${file.ciphertextLengthBytes}.`,
    );
  }
  ledger.saveManifest(work.cameraExport, { ...manifest, resourceId: place, verified: true });
  return portSucceeded(place);
}

/** Its name in the spool, and the part of its external id that stays the same. */
export function manifestFileId({ record }: LiveCameraExport): string {
  return `${record.cameraExportId}-manifest`;
}

/** Whether a spool file of the manifest may still be sent. */
export function needsSpooledManifest({ record }: LiveCameraExport): boolean {
  const { manifest, state } = record;
  return manifest?.verified === false && (state.kind === "transferring" || state.kind === "failed");
}

export async function removeSpooledManifest(
  context: PipelineContext,
  cameraExport: LiveCameraExport,
): Promise<void> {
  await context.spool.remove(manifestFileId(cameraExport));
}

function callOf(work: CameraExportWork): PortCall {
  const { cameraExportId } = work.cameraExport.record;
  return work.context.progress.callFor(cameraExportId, `${cameraExportId}-manifest`, work.signal);
}
