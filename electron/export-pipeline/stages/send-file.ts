import { isSpoolFileUseless } from "#shared/domain/made-anew.ts";
import type { SentFileEvent, SentFileState } from "#shared/domain/sent-file-state.ts";
import { formatNumber } from "#shared/words/amounts.ts";
import type { EvidenceWork } from "../tracked/pipeline-context.ts";
import type { FileToSend, ResourceRequest, SendingObserver } from "../ports/evidence-destination.ts";
import {
  ABORTED,
  portFailed,
  type PortFailure,
  type PortOutcome,
  portSucceeded,
} from "../ports/port-call.ts";

/**
 * If a spool gives a file back wrong more often than this in a row, the spool is at fault, and the operator is told
 * to have it looked at.
 */
const MOST_MADE_ANEW = 3;

/** One file of an evidence: a segment or the manifest. Where it stands is what the journal says, also to itself. */
export interface FileOnItsWay {
  /** Its calls are told apart from those for other files. */
  readonly work: EvidenceWork;
  /** Its name in the spool, and the part of its external id that stays the same. */
  readonly fileId: string;
  /** null while it is not in the spool, or where there is nothing to send. */
  state(): SentFileState | null;
  /** Whether it is neither in the spool nor at the service, and should be. */
  isToBeMade(): boolean;
  /** Leaves it in the spool and in the journal; nothing to send is a success too. */
  make(): Promise<PortOutcome<void>>;
  /** As the service shows it. */
  about(): Pick<ResourceRequest, "name" | "mimeType" | "range">;
  /** The blob metadata, as JSON text. */
  encryptionData(): string;
  /** Keeps a step in the journal. */
  apply(event: SentFileEvent): void;
  /** Keeps in the journal that it is to be made once more, and why. */
  takeBack(reason: PortFailure): void;
  /** Sends it, which counts for rates and figures where the file does. */
  counted(send: (counter: SendingObserver) => Promise<PortOutcome<void>>): Promise<PortOutcome<void>>;
}

/** Runs a send once fewer than the most that may go at a time are under way. */
export type UploadLimit = <T>(send: () => Promise<T>) => Promise<T>;

const NO_LIMIT: UploadLimit = (send) => send();

/**
 * Takes one file from wherever it stands to where the service has verified it. The order keeps it one:
 * 1. its encrypted file is durable in the spool (made anew only if the process dies before 2);
 * 2. the journal has its checksums: from now on the same bytes are sent, whatever happens;
 * 3. it is uploaded under an external id of its own, completed, and its stored length compared;
 * 4. the journal calls it verified; the spool file goes.
 * Where the spool has lost it, or gives back other bytes, it is made once more: the service counts none of the first.
 */
export async function deliver(file: FileOnItsWay, limit: UploadLimit = NO_LIMIT): Promise<PortOutcome<void>> {
  for (let madeAnew = 0; ; madeAnew += 1) {
    if (file.work.call.signal.aborted) return ABORTED;
    const made = file.isToBeMade() ? await file.make() : portSucceeded(undefined);
    if (!made.ok) return made;
    const sent = await limit(() => sendFile(file));
    if (sent.ok || !isSpoolFileUseless(sent.error) || madeAnew >= MOST_MADE_ANEW) return sent;
    file.takeBack(sent.error);
    await file.work.context.spool.remove(file.fileId);
  }
}

/** The one stage that sends. Goes on wherever an interruption left the file. */
async function sendFile(file: FileOnItsWay): Promise<PortOutcome<void>> {
  const { signal } = file.work.call;
  if (signal.aborted) return ABORTED;
  const spooled = file.state();
  if (spooled?.kind === "spooled") {
    const sent = await sendBytes(file, spooled);
    if (!sent.ok) return sent;
    file.apply({ kind: "uploaded" });
  }
  const uploaded = file.state();
  return uploaded?.kind === "uploaded" ? await completeAndVerify(file, uploaded) : portSucceeded(undefined);
}

type Spooled = Extract<SentFileState, { kind: "spooled" }>;
type Uploaded = Extract<SentFileState, { kind: "uploaded" }>;

async function sendBytes(file: FileOnItsWay, { file: spooled }: Spooled): Promise<PortOutcome<void>> {
  const { context, cameraExport, evidenceId, call } = file.work;
  const externalId = `${file.fileId}-${cameraExport.record.generation}`;
  const resource: ResourceRequest = { evidenceId, externalId, ...file.about() };
  const toSend: FileToSend = {
    fileId: file.fileId,
    folder: spooled.folder ?? null,
    encryptionData: file.encryptionData(),
    lengthBytes: spooled.ciphertextLengthBytes,
    blockCrcs: spooled.blockCrcs ?? null,
  };
  return await file.counted((counter) => {
    const observer: SendingObserver = {
      onPlace: (resourceId) => {
        counter.onPlace(resourceId);
        if (file.state()?.kind === "spooled") file.apply({ kind: "upload-started", resourceId });
      },
      onProgress: (sentBytes) => counter.onProgress(sentBytes),
    };
    return context.destination.sendFile({ resource, file: toSend }, observer, call);
  });
}

async function completeAndVerify(
  file: FileOnItsWay,
  { file: { ciphertextLengthBytes }, resourceId }: Uploaded,
): Promise<PortOutcome<void>> {
  const { context, evidenceId, call } = file.work;
  const completed = await context.destination.completeResource(evidenceId, resourceId, call);
  if (!completed.ok) return completed;
  if (completed.value.lengthBytes !== ciphertextLengthBytes) {
    return portFailed("permanent", {
      code: "STORED_LENGTH_DIFFERS",
      message: `The service stored ${formatNumber(completed.value.lengthBytes)} bytes of ${formatNumber(ciphertextLengthBytes)}.`,
    });
  }
  file.apply({ kind: "verified" });
  await context.spool.remove(file.fileId);
  return portSucceeded(undefined);
}
