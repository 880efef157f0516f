import { createHash } from "node:crypto";
import pLimit from "p-limit";
import { PromiseCache } from "#runtime/cache/promise-cache.ts";
import type { CompleteEvidence } from "#shared/clearance-api/evidence.ts";
import { TagsInPassing } from "../decryption/tags-in-passing.ts";
import type { Unreadable } from "../decryption/unreadable.ts";
import type { KeyedBlobs } from "../decryption/open-decrypted.ts";
import { READ_CHUNK_BYTES } from "../storage/blob-store.ts";

export type ChecksumAlgorithm = CompleteEvidence["ChecksumAlgorithm"];

const HASH_NAMES = { Sha512: "sha512", Sha384: "sha384", Sha256: "sha256" } as const;
/** Checksums remembered at most; each is asked for once, at the completion of its evidence. */
const REMEMBERED_MAX = 10_000;

/** What one pass over the stored bytes of a file found. */
export interface StoredCheck {
  /** Lower-case hex. */
  readonly checksum: string;
  /** Why what was encrypted will never be read; null where nothing is known against it. */
  readonly unreadable: Unreadable | null;
}

/**
 * Checksums of stored bytes, and the tags in them, computed one blob at a time by streaming. Computing starts when a file
 * is complete, so that the completion of the evidence has little left to wait for.
 */
export class StoredChecksums {
  readonly #files: KeyedBlobs;
  readonly #oneAtATime = pLimit(1);
  /** Read into again and again: what is hashed is needed no more. */
  readonly #buffer = Buffer.allocUnsafeSlow(READ_CHUNK_BYTES);
  readonly #computed = new PromiseCache<StoredCheck>({ mostEntries: REMEMBERED_MAX });

  constructor(files: KeyedBlobs) {
    this.#files = files;
  }

  /**
   * Reads a sealed blob once.
   * @param lengthBytes the blob's whole length
   */
  check(blobName: string, lengthBytes: number, algorithm: ChecksumAlgorithm): Promise<StoredCheck> {
    const compute = () => this.#oneAtATime(() => this.#compute(blobName, lengthBytes, algorithm));
    return this.#computed.get(`${algorithm} ${blobName}`, compute);
  }

  /** Starts computing what the completion of the evidence most likely asks for. */
  prepare(blobName: string, lengthBytes: number): void {
    // A blob that cannot be read is met again, and answered for, when the checksum is asked for.
    this.check(blobName, lengthBytes, "Sha512").catch(() => undefined);
  }

  async #compute(blobName: string, lengthBytes: number, algorithm: ChecksumAlgorithm): Promise<StoredCheck> {
    const hash = createHash(HASH_NAMES[algorithm]);
    const tags = await TagsInPassing.of(this.#files, blobName, lengthBytes);
    for await (const chunk of this.#files.blobs.read(blobName, 0, lengthBytes, this.#buffer)) {
      hash.update(chunk);
      tags.take(chunk);
    }
    return { checksum: hash.digest("hex"), unreadable: tags.finish() };
  }
}
