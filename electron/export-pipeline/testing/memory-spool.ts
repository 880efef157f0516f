import { type PortCall, portFailed, type PortOutcome, portSucceeded } from "../ports/port-call.ts";
import type {
  ReadingObserver,
  RecipientKey,
  SegmentSpool,
  SpoolDocument,
  SpooledSegment,
  SpoolJob,
  SpoolSpace,
} from "../ports/segment-spool.ts";
import { createHash } from "node:crypto";
import type { EncryptionData } from "#shared/clearance-api/encryption.ts";
import type { MemoryArchive } from "./memory-archive.ts";
import { meetHindrance, type Hindrance } from "./hindered-calls.ts";

/** What encryption adds to a file of one region. */
const TAG_AND_NONCE_BYTES = 28;
const NEVER = new AbortController().signal;

/** A spool in memory: each write has a key of its own, and its ciphertext tells which. */
export class MemorySpool implements SegmentSpool {
  readonly files = new Map<string, SpooledSegment>();
  /** Texts that were written, by the checksum of their ciphertext. */
  readonly documents = new Map<string, string>();
  /** Files that it gives back with other bytes than were written. */
  readonly damaged = new Set<string>();
  readonly #archive: MemoryArchive;
  #keys = 0;
  #writing = 0;
  mostWritingAtOnce = 0;
  writes: string[] = [];
  readonly jobs: SpoolJob[] = [];
  quotaBytes = Infinity;
  diskBytes = Infinity;
  /** Of other programs, on the same disk. */
  othersBytes = 0;
  hindrance: Hindrance = () => null;

  constructor(archive: MemoryArchive) {
    this.#archive = archive;
  }

  async write(
    job: SpoolJob,
    observer: ReadingObserver,
    call: PortCall,
  ): Promise<PortOutcome<SpooledSegment>> {
    observer.onBegin();
    this.#writing += 1;
    this.mostWritingAtOnce = Math.max(this.mostWritingAtOnce, this.#writing);
    this.writes.push(job.segmentId);
    this.jobs.push(job);
    try {
      const event = { method: "write", subject: job.segmentId };
      const hindered = await meetHindrance(this.hindrance, event, call.signal);
      if (hindered !== null) return hindered;
      if (this.#archive.emptyFromUtcMs.has(job.range.startUtcMs)) {
        return portFailed("no-footage", { code: "NO_FOOTAGE", message: "There is no frame in this range." });
      }
      const lengthBytes = this.#archive.lengthOf(job.range);
      observer.onProgress(lengthBytes);
      const plaintext = { lengthBytes, sha256: sha256(`plaintext of ${job.segmentId}`) };
      const spooled = this.#encrypted(job.segmentId, job.recipient, plaintext);
      this.files.set(job.segmentId, spooled);
      return portSucceeded(spooled);
    } finally {
      this.#writing -= 1;
    }
  }

  async writeDocument(document: SpoolDocument, call: PortCall): Promise<PortOutcome<SpooledSegment>> {
    const event = { method: "writeDocument", subject: document.fileId };
    const hindered = await meetHindrance(this.hindrance, event, call.signal);
    if (hindered !== null) return hindered;
    const plaintext = { lengthBytes: Buffer.byteLength(document.text), sha256: sha256(document.text) };
    const spooled = this.#encrypted(document.fileId, document.recipient, plaintext);
    this.documents.set(spooled.file.ciphertextSha512, document.text);
    this.files.set(document.fileId, spooled);
    return portSucceeded(spooled);
  }

  async remove(fileId: string): Promise<void> {
    this.files.delete(fileId);
  }

  async sweep(keep: ReadonlySet<string>): Promise<void> {
    for (const fileId of this.files.keys()) if (!keep.has(fileId)) this.files.delete(fileId);
  }

  async space(): Promise<PortOutcome<SpoolSpace>> {
    const hindered = await meetHindrance(this.hindrance, { method: "space", subject: "" }, NEVER);
    if (hindered !== null) return hindered;
    const files = new Map([...this.files].map(([id, { file }]) => [id, file.ciphertextLengthBytes]));
    const heldBytes = [...files.values()].reduce((sum, bytes) => sum + bytes, 0);
    const { quotaBytes, diskBytes } = this;
    return portSucceeded({
      folder: "/spool",
      quotaBytes,
      diskBytes,
      freeBytes: diskBytes - heldBytes - this.othersBytes,
      reserveBytes: 0,
      files,
    });
  }

  #encrypted(
    fileId: string,
    recipient: RecipientKey,
    plaintext: { readonly lengthBytes: number; readonly sha256: string },
  ): SpooledSegment {
    this.#keys += 1;
    return {
      file: {
        plaintextLengthBytes: plaintext.lengthBytes,
        plaintextSha256: plaintext.sha256,
        ciphertextLengthBytes: plaintext.lengthBytes + TAG_AND_NONCE_BYTES,
        ciphertextSha512: sha512(`ciphertext of ${fileId} with key ${this.#keys}`),
      },
      encryptionData: JSON.stringify(encryptionDataOf(recipient, this.#keys)),
    };
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function sha512(text: string): string {
  return createHash("sha512").update(text).digest("hex");
}

/** No key is wrapped here: its number stands in its place. */
function encryptionDataOf({ jwk }: RecipientKey, key: number): EncryptionData {
  return {
    EncryptionMode: "FullBlobRegions",
    EncryptedRegionInfo: { DataLength: 4_194_304, NonceLength: 12 },
    EncryptionAgent: { EncryptionAlgorithm: "AES_GCM_256", Protocol: "2.0" },
    WrappedContentKey: { Algorithm: "RSA-OAEP", EncryptedKey: btoa(String(key)), KeyId: jwk.kid },
  };
}
