import type { EncryptionProtocol } from "#shared/clearance-api/encryption.ts";
import type { SpooledFile } from "#shared/domain/segment-state.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import type { PortCall, PortOutcome } from "./port-call.ts";

/** The service's public key, with which content keys are wrapped, and the protocol it announces. */
export interface RecipientKey {
  readonly jwk: { readonly kty: "RSA"; readonly kid: string; readonly n: string; readonly e: string };
  readonly protocol: EncryptionProtocol;
}

export interface SpoolJob {
  readonly segmentId: string;
  readonly cameraId: string;
  readonly range: TimeRange;
  readonly recipient: RecipientKey;
}

/** A small file of the console's own, such as the manifest. */
export interface SpoolDocument {
  readonly documentId: string;
  readonly text: string;
  readonly recipient: RecipientKey;
}

export interface SpooledSegment {
  readonly file: SpooledFile;
  /** The blob metadata `encryptiondata`, as JSON text: everything the recipient needs to decrypt. */
  readonly encryptionData: string;
}

/**
 * Reads, encrypts and spools in one pass, outside the main process's event loop.
 * - When `write` succeeds the ciphertext is durable under the segment's name; the plaintext was never on disk.
 * - `writeDocument` does the same with a text that is small enough for memory; it may be repeated.
 * - A write that fails or is killed leaves nothing that counts; calling it again starts anew with a new key.
 * - `sweep` removes everything that belongs to none of the given segments.
 */
export interface SegmentSpool {
  write(
    job: SpoolJob,
    onProgress: (plaintextBytes: number) => void,
    call: PortCall,
  ): Promise<PortOutcome<SpooledSegment>>;
  writeDocument(document: SpoolDocument, call: PortCall): Promise<PortOutcome<SpooledSegment>>;
  remove(segmentId: string): Promise<void>;
  sweep(keep: ReadonlySet<string>): Promise<void>;
  /** Null when a file of this length may be written now, else what is in the way (quota, free space). */
  roomFor(lengthBytes: number): Promise<{ code: string; message: string; action?: string } | null>;
}
