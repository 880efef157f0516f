import { createHash } from "node:crypto";
import { BLOCK_BYTES } from "../encryption/block-crcs.ts";

/**
 * Sizes of blocks, the longest first; each is a multiple of the next one. Over a slow line short ones go, each of which is
 * acknowledged in good time. An id names size and place, so that blocks of several sizes make up one file, and none that
 * has arrived is sent again because the line has become faster or slower since.
 */
export const BLOCK_SIZES: readonly number[] = [BLOCK_BYTES, 1024 * 1024, 256 * 1024];
/** Stands in ids for the size. All ids of a blob must be of the same length ("Put Block"). */
const SIZE_SIGNS = ["-", "+", "."];
/** Azure takes no more of one blob ("Put Block List"). */
const MOST_BLOCKS_OF_FILE = 50_000;

export interface PlannedBlock {
  readonly id: string;
  readonly startByte: number;
  readonly lengthBytes: number;
  /** The service has it from an earlier try. */
  readonly isPresent: boolean;
}

/** Of one file: its blocks, whatever sizes they have. */
export class BlockPlan {
  readonly #identity: string;
  readonly #fileBytes: number;
  readonly #present: ReadonlySet<string>;

  /**
   * @param encryptionData names the ciphertext: a segment that was encrypted anew has another key, and blocks of its
   *   former self must not be taken for its own
   * @param present ids of blocks that the service has
   */
  constructor(encryptionData: string, fileBytes: number, present: ReadonlySet<string>) {
    this.#identity = createHash("sha256").update(encryptionData).digest("hex").slice(0, 16);
    this.#fileBytes = fileBytes;
    this.#present = present;
  }

  /** Where each stretch of the longest block begins; what lies in it is planned when its turn comes. */
  stretches(): number[] {
    const count = Math.ceil(this.#fileBytes / BLOCK_BYTES);
    return Array.from({ length: count }, (_, index) => index * BLOCK_BYTES);
  }

  /** In their order. @param mostBytes of a block that is still to be sent */
  blocksOf(stretchStartByte: number, mostBytes: number): PlannedBlock[] {
    return this.#cover(stretchStartByte, 0, mostBytes);
  }

  #cover(startByte: number, level: number, mostBytes: number): PlannedBlock[] {
    const size = BLOCK_SIZES[level] ?? 0;
    const id = this.#idOf(startByte, level);
    const lengthBytes = Math.min(size, this.#fileBytes - startByte);
    const block = { id, startByte, lengthBytes, isPresent: this.#present.has(id) };
    const mayGo = lengthBytes <= mostBytes && !this.#hasShorter(startByte, level);
    if (block.isPresent || mayGo || !this.#canBeCut(level)) return [block];
    return this.#partsOf(startByte, level).flatMap((start) => this.#cover(start, level + 1, mostBytes));
  }

  /** Whether an earlier try has sent parts of this stretch. */
  #hasShorter(startByte: number, level: number): boolean {
    if (!this.#canBeCut(level)) return false;
    return this.#partsOf(startByte, level).some(
      (start) => this.#present.has(this.#idOf(start, level + 1)) || this.#hasShorter(start, level + 1),
    );
  }

  #canBeCut(level: number): boolean {
    const shorter = BLOCK_SIZES[level + 1];
    return shorter !== undefined && this.#fileBytes / shorter <= MOST_BLOCKS_OF_FILE;
  }

  #partsOf(startByte: number, level: number): number[] {
    const [size = 0, shorter = 1] = BLOCK_SIZES.slice(level, level + 2);
    const count = Math.ceil(Math.min(size, this.#fileBytes - startByte) / shorter);
    return Array.from({ length: count }, (_, index) => startByte + index * shorter);
  }

  #idOf(startByte: number, level: number): string {
    const index = startByte / (BLOCK_SIZES[level] ?? 1);
    const name = `${this.#identity}${SIZE_SIGNS[level] ?? ""}${String(index).padStart(6, "0")}`;
    return Buffer.from(name).toString("base64");
  }
}
