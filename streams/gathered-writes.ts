import type { FileHandle } from "node:fs/promises";
import type { BufferPool } from "./buffer-pool.ts";

/**
 * A file written from its start, as small pieces come: they are copied into buffers of a pool, of which one is being
 * written while the next fills up. A copy costs less than what it saves: each write takes a turn of one of the few
 * threads that write files, and pieces that were held until then would outlive the collection of young objects.
 */
export class GatheredWrites {
  readonly #file: FileHandle;
  readonly #pool: BufferPool;
  #filling: Buffer | undefined;
  #filledBytes = 0;
  #writing: Promise<void> = Promise.resolve();

  /** @param file empty; closed by `close` */
  constructor(file: FileHandle, pool: BufferPool) {
    this.#file = file;
    this.#pool = pool;
  }

  /** The piece may be changed as soon as this has resolved. Rejects with what an earlier write failed with. */
  async append(piece: Uint8Array): Promise<void> {
    for (let rest = piece; rest.length > 0;) {
      const filling = (this.#filling ??= this.#pool.take());
      const taken = rest.subarray(0, filling.length - this.#filledBytes);
      filling.set(taken, this.#filledBytes);
      this.#filledBytes += taken.length;
      rest = rest.subarray(taken.length);
      if (this.#filledBytes === filling.length) await this.#flush();
    }
  }

  /** When it resolves, everything that was appended is on the disk. */
  async sync(): Promise<void> {
    await this.#flush();
    await this.#writing;
    await this.#file.sync();
  }

  async close(): Promise<void> {
    await this.#writing.catch(() => undefined); // Whoever appends or syncs has been told.
    if (this.#filling !== undefined) this.#pool.giveBack(this.#filling);
    this.#filling = undefined;
    await this.#file.close();
  }

  /** Waits for the write before, not for this one. */
  async #flush(): Promise<void> {
    await this.#writing;
    const [filled, bytes] = [this.#filling, this.#filledBytes];
    if (filled === undefined) return;
    [this.#filling, this.#filledBytes] = [undefined, 0];
    this.#writing = writeAll(this.#file, filled.subarray(0, bytes)).finally(() =>
      this.#pool.giveBack(filled),
    );
    this.#writing.catch(() => undefined); // It is waited for by the next flush, by sync or by close.
  }
}

async function writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done);
    done += bytesWritten;
  }
}
