import type { FileHandle } from "node:fs/promises";
import type { BufferPool } from "./buffer-pool.ts";

/** Measured best of 2, 4, 16 and 32 MB (docs/decisions/0015). */
const SYNC_AHEAD_BYTES = 2_000_000;

/**
 * A file written from its start, as small pieces come: they are copied into buffers of a pool, of which one is being
 * written while the next fills up. A copy costs less than what it saves: each write takes a turn of one of the few
 * threads that write files, and pieces that were held until then would outlive the collection of young objects.
 * What is written goes on to the disk while more comes: left until the end, the disk would have nothing to do first,
 * and everybody else then.
 */
export class GatheredWrites {
  readonly #file: FileHandle;
  readonly #pool: BufferPool;
  #filling: Buffer | undefined;
  #filledBytes = 0;
  #writing: Promise<void> = Promise.resolve();
  #unsyncedBytes = 0;
  #syncingAhead: Promise<void> | null = null;

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
    // What failed there is told once: a later sync of the same file would not fail again.
    await this.#syncingAhead;
    await this.#file.sync();
  }

  async close(): Promise<void> {
    // Whoever appends or syncs has been told.
    await Promise.allSettled([this.#writing, this.#syncingAhead]);
    if (this.#filling !== undefined) this.#pool.giveBack(this.#filling);
    this.#filling = undefined;
    await this.#file.close();
  }

  /** Waits for the write before, not for this one. */
  async #flush(): Promise<void> {
    await this.#writing;
    this.#syncAhead();
    const [filled, bytes] = [this.#filling, this.#filledBytes];
    if (filled === undefined) return;
    [this.#filling, this.#filledBytes] = [undefined, 0];
    this.#unsyncedBytes += bytes;
    this.#writing = writeAll(this.#file, filled.subarray(0, bytes)).finally(() =>
      this.#pool.giveBack(filled),
    );
    this.#writing.catch(() => undefined); // It is waited for by the next flush, by sync or by close.
  }

  /** One at a time: a slow disk gets fewer of them. After one that failed there is no other. */
  #syncAhead(): void {
    if (this.#unsyncedBytes < SYNC_AHEAD_BYTES || this.#syncingAhead !== null) return;
    this.#unsyncedBytes = 0;
    this.#syncingAhead = this.#file.datasync().then(() => void (this.#syncingAhead = null));
    this.#syncingAhead.catch(() => undefined); // It is waited for by sync or by close.
  }
}

async function writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done);
    done += bytesWritten;
  }
}
