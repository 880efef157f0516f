import { crc32 } from "node:zlib";

/** Files are sent in blocks of this length, and checked block by block; only the last one is shorter. */
export const BLOCK_BYTES = 8 * 1024 * 1024;

/**
 * CRC-32 of each block of a file, of what was to be written: whoever reads a block back notices what the disk has made of
 * it before the block has gone on its way. That nobody changed a file on purpose, its SHA-512 proves at the service.
 */
export class BlockCrcs {
  readonly #crcs: number[] = [];
  #lengthBytes = 0;

  append(piece: Buffer): void {
    for (let rest = piece; rest.length > 0;) {
      const block = Math.floor(this.#lengthBytes / BLOCK_BYTES);
      const part = rest.subarray(0, BLOCK_BYTES - (this.#lengthBytes % BLOCK_BYTES));
      this.#crcs[block] = crc32(part, this.#crcs[block]);
      this.#lengthBytes += part.length;
      rest = rest.subarray(part.length);
    }
  }

  /** In their order. */
  all(): readonly number[] {
    return [...this.#crcs];
  }
}
