import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { BufferPool } from "#runtime/streams/buffer-pool.ts";
import { GatheredWrites } from "#runtime/streams/gathered-writes.ts";
import { onSpool } from "../spool/spool-disk-error.ts";
import { BlockCrcs } from "../encryption/block-crcs.ts";

/** One file is written at a time: one buffer fills while the other is written. */
const pool = new BufferPool(128 * 1024, 2);

/** A spool file while it is written: hashes what it is given. What the disk refuses is a SpoolDiskError. */
export class CiphertextFile {
  readonly #writes: GatheredWrites;
  readonly #hash = createHash("sha512");
  readonly #crcs = new BlockCrcs();
  #lengthBytes = 0;

  /** @param file empty; closed by `close` */
  constructor(file: FileHandle) {
    this.#writes = new GatheredWrites(file, pool);
  }

  get lengthBytes(): number {
    return this.#lengthBytes;
  }

  /** The pieces may be changed when it has resolved. Rejects with what an earlier write failed with. */
  async append(pieces: readonly Buffer[]): Promise<void> {
    for (const piece of pieces) {
      this.#hash.update(piece);
      this.#crcs.append(piece);
      this.#lengthBytes += piece.length;
      await onSpool(() => this.#writes.append(piece));
    }
  }

  /** When it resolves, everything that was appended is on the disk. */
  sync(): Promise<void> {
    return onSpool(() => this.#writes.sync());
  }

  close(): Promise<void> {
    return onSpool(() => this.#writes.close());
  }

  /** Lower-case hex, of everything that was appended; once. */
  sha512(): string {
    return this.#hash.digest("hex");
  }

  /** Of each block of everything that was appended. */
  blockCrcs(): readonly number[] {
    return this.#crcs.all();
  }
}
