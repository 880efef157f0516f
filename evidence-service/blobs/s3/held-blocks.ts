import type { StoredBlock } from "../block-lists.ts";

/** Amazon's: a part is at least so long, unless it is the last one. */
export const PART_LEAST_BYTES = 5 << 20;
/** More than are written to at a time. */
const BLOBS_MOST = 10_000;

interface Held {
  blocks: StoredBlock[];
  lengthBytes: number;
}

/**
 * Short blocks that this process has taken, until they fill a part. They are objects meanwhile, which every process
 * sees: what is forgotten here, or was taken elsewhere, is put together when its list is committed.
 */
export class HeldBlocks {
  readonly #held = new Map<string, Held>();

  /** @returns all that are held of the blob once they fill a part; they are not held any more */
  add(blobName: string, block: StoredBlock): readonly StoredBlock[] | null {
    const held = this.#held.get(blobName) ?? { blocks: [], lengthBytes: 0 };
    this.#held.set(blobName, held);
    held.blocks.push(block);
    held.lengthBytes += block.lengthBytes;
    const [oldest] = this.#held.keys();
    if (this.#held.size > BLOBS_MOST && oldest !== undefined) this.#held.delete(oldest);
    if (held.lengthBytes < PART_LEAST_BYTES) return null;
    this.#held.delete(blobName);
    return held.blocks;
  }

  forget(blobName: string): void {
    this.#held.delete(blobName);
  }
}
