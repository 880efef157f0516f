import type { BufferSupply, ByteSource } from "./byte-source.ts";
import { MediaError } from "./media-error.ts";
import type { Piece } from "./media-layout.ts";

/** Parts begun at the same time, however small they are: each takes a turn of the few threads that read files. */
const mostReads = 16;

interface OpenedSource {
  readonly index: number;
  readonly opening: Promise<ByteSource>;
  /** Settles when the last read so far has ended. */
  lastRead: Promise<unknown>;
}

/** Reads parts that are begun in order, several at a time, and gives their bytes in that order. */
export class ReadAhead {
  readonly #open: (source: number) => Promise<ByteSource>;
  readonly #literals: readonly Buffer[];
  readonly #pool: BufferSupply | undefined;
  readonly #reads: Promise<Buffer>[] = [];
  readonly #closings = new Set<Promise<void>>();
  #current: OpenedSource | undefined;
  #waitingBytes = 0;
  #closingFailure: { error: unknown } | undefined;

  /** @param pool whose buffers the sources fill */
  constructor(
    open: (source: number) => Promise<ByteSource>,
    literals: readonly Buffer[],
    pool: BufferSupply | undefined,
  ) {
    this.#open = open;
    this.#literals = literals;
    this.#pool = pool;
  }

  get isEmpty(): boolean {
    return this.#reads.length === 0;
  }

  /** Whether enough has been begun and not yet handed out. */
  isFull(mostBytes: number): boolean {
    return this.#waitingBytes >= mostBytes || this.#reads.length >= mostReads;
  }

  begin(part: Piece): void {
    const read = part.source < 0 ? Promise.resolve(this.#literal(part)) : this.#readSource(part);
    // Whoever waits for it hears of a failure; until then it must not count as unhandled.
    read.catch(() => undefined);
    this.#reads.push(read);
    this.#waitingBytes += part.lengthBytes;
  }

  /** The oldest part that was begun. Rejects with whatever its source rejected with. */
  async next(): Promise<Buffer> {
    const bytes = await this.#reads.shift();
    if (bytes === undefined) throw new RangeError("No part was begun.");
    this.#waitingBytes -= bytes.length;
    return bytes;
  }

  /** Ends every read and closes every source. */
  async close(): Promise<void> {
    this.#retire();
    await Promise.all(this.#closings);
    if (this.#closingFailure) throw this.#closingFailure.error;
  }

  #literal({ source, offset, lengthBytes }: Piece): Buffer {
    const bytes = this.#literals[~source]?.subarray(offset, offset + lengthBytes);
    if (bytes?.length === lengthBytes) return bytes;
    throw new MediaError("OUT_OF_RANGE", `The file has no literal ${~source} of that length.`);
  }

  #readSource({ source, offset, lengthBytes }: Piece): Promise<Buffer> {
    const opened = this.#source(source);
    const read = opened.opening.then((bytes) => bytes.read(offset, lengthBytes, this.#pool?.take()));
    opened.lastRead = Promise.allSettled([opened.lastRead, read]);
    return read;
  }

  #source(index: number): OpenedSource {
    if (this.#current?.index === index) return this.#current;
    this.#retire();
    const opening = this.#open(index);
    this.#current = { index, opening, lastRead: Promise.resolve() };
    return this.#current;
  }

  /** Closes the current source as soon as its reads have ended. */
  #retire(): void {
    const retired = this.#current;
    this.#current = undefined;
    if (!retired) return;
    const closing = closeAfterReads(retired)
      .catch((error: unknown) => {
        this.#closingFailure ??= { error };
      })
      .finally(() => this.#closings.delete(closing));
    this.#closings.add(closing);
  }
}

async function closeAfterReads({ opening, lastRead }: OpenedSource): Promise<void> {
  await lastRead;
  // A source that could not be opened has failed its reads; there is nothing to close.
  const source = await opening.catch(() => undefined);
  await source?.close?.();
}
