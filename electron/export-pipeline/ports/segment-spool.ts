import type { EncryptionProtocol } from "#shared/clearance-api/encryption.ts";
import type { SpooledFile } from "#shared/domain/sent-file-state.ts";
import type { FootageRange } from "#shared/domain/footage.ts";
import type { PortCall, PortOutcome } from "./port-call.ts";

/** The service's public key, with which content keys are wrapped, and the protocol it announces. */
export interface RecipientKey {
  readonly jwk: { readonly kty: "RSA"; readonly kid: string; readonly n: string; readonly e: string };
  readonly protocol: EncryptionProtocol;
}

export interface SpoolJob {
  readonly segmentId: string;
  /** Whose segment it is. */
  readonly exportId: string;
  readonly cameraExportId: string;
  readonly cameraId: string;
  readonly range: FootageRange;
  /** As planned; footage of the last seconds before Finish is not in it. */
  readonly lengthBytes: number;
  readonly recipient: RecipientKey;
}

export interface ReadingObserver {
  /** The footage is being requested; called again at each try. */
  onBegin(): void;
  onProgress(plaintextBytes: number): void;
}

/** A small file of the console's own, such as the manifest. */
export interface SpoolDocument {
  readonly fileId: string;
  readonly text: string;
  readonly recipient: RecipientKey;
}

export interface SpooledSegment {
  readonly file: SpooledFile;
  /** The blob metadata `encryptiondata`, as JSON text: everything the recipient needs to decrypt. */
  readonly encryptionData: string;
}

/** What the spool may hold, what it holds, and what its disk takes. */
export interface SpoolSpace {
  /** The folder that is written to now. */
  readonly folder: string;
  readonly quotaBytes: number;
  /** On the folder's disk, for this user. */
  readonly freeBytes: number;
  /** Of the whole disk. */
  readonly diskBytes: number;
  /** The largest file, if the kind of disk says so. */
  readonly largestFileBytes?: number | undefined;
  /** What must stay free on the disk, whatever the quota is. */
  readonly reserveBytes: number;
  /**
   * Length of each finished file of ours by its id, in whatever folder it lies. Other programs' files are not listed.
   */
  readonly files: ReadonlyMap<string, number>;
}

/**
 * Reads, encrypts and spools in one pass, outside the main process's event loop.
 * - When `write` succeeds the ciphertext is durable under the segment's name; the plaintext was never on disk.
 * - `writeDocument` does the same with a text that is small enough for memory; it may be repeated.
 * - A write that fails or is killed leaves nothing that counts; calling it again starts anew with a new key.
 * - `sweep` removes everything that is none of the given files.
 * - `space` tells figures and decides nothing: who may have how much of it is the pipeline's to say.
 */
export interface SegmentSpool {
  write(job: SpoolJob, observer: ReadingObserver, call: PortCall): Promise<PortOutcome<SpooledSegment>>;
  writeDocument(document: SpoolDocument, call: PortCall): Promise<PortOutcome<SpooledSegment>>;
  remove(fileId: string): Promise<void>;
  sweep(keep: ReadonlySet<string>): Promise<void>;
  space(): Promise<PortOutcome<SpoolSpace>>;
}
