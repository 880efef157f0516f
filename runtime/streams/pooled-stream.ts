import { Readable, type Writable } from "node:stream";
import type { BufferPool } from "./buffer-pool.ts";

/** Buffers that may be on their way out at the same time, so that the next one is ready when one has gone. */
const MOST_WRITES = 2;

/** Reads the bytes in order; with a pool, what it gives is in the pool's buffers. */
export type ReadBytes = (pool: BufferPool | undefined) => AsyncGenerator<Buffer>;

/**
 * Bytes in bulk as a stream. Piped, it fills the same few buffers again and again, as soon as the
 * destination has written them; read in any other way, each buffer is the reader's own. Destroying it ends all reads.
 */
export class PooledStream extends Readable {
  readonly #readBytes: ReadBytes;
  readonly #pool: BufferPool;
  #own: AsyncGenerator<Buffer> | undefined;

  constructor(readBytes: ReadBytes, pool: BufferPool) {
    super({ highWaterMark: pool.sizeBytes });
    this.#readBytes = readBytes;
    this.#pool = pool;
  }

  override _read(): void {
    this.#own ??= this.#readBytes(undefined);
    this.#own.next().then(
      ({ value, done }) => this.push(done === true ? null : value),
      (error: unknown) => this.destroy(error as Error),
    );
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    void this.#endReading(error, callback);
  }

  async #endReading(error: Error | null, callback: (error?: Error | null) => void): Promise<void> {
    let reason = error;
    try {
      await this.#own?.return(undefined);
    } catch (failure) {
      reason ??= failure as Error;
    }
    callback(reason);
  }

  override pipe<Destination extends NodeJS.WritableStream>(destination: Destination): Destination {
    this.#pump(destination as unknown as Writable).then(
      () => {
        destination.end();
        // Nothing was read from the stream itself: it ends without having given a byte.
        this.#own = empty();
        this.resume();
      },
      (error: unknown) => this.destroy(error as Error),
    );
    return destination;
  }

  async #pump(destination: Writable): Promise<void> {
    // A race of each write with one promise of the end would leave a trace in that promise for every megabyte.
    const waiting = new Set<() => void>();
    const stopWaiting = (): void => waiting.forEach((resolve) => resolve());
    this.once("close", stopWaiting);
    destination.once("close", stopWaiting);
    const writes: Promise<void>[] = [];
    for await (const bytes of this.#readBytes(this.#pool)) {
      if (this.destroyed || destination.destroyed) return;
      writes.push(this.#write(destination, bytes, waiting));
      if (writes.length >= MOST_WRITES) await writes.shift();
    }
    await Promise.all(writes);
  }

  /** Settles when the destination has taken the bytes; an error of it ends the stream by its own events. */
  #write(destination: Writable, bytes: Buffer, waiting: Set<() => void>): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        waiting.delete(finish);
        resolve();
      };
      waiting.add(finish);
      destination.write(bytes, (error) => {
        // What failed may still hold on to its bytes.
        if (!error) this.#pool.giveBack(bytes);
        finish();
      });
    });
  }
}

async function* empty(): AsyncGenerator<Buffer> {
  yield* [];
}
