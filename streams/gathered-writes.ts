import type { FileHandle } from "node:fs/promises";

/** Goes to the disk with one call: each write costs a turn of one of the few threads that write files. */
const WRITE_BYTES = 1024 * 1024;

/**
 * A file written from its start, as small pieces come: they are gathered into large writes, of which one is under way
 * while the next is gathered.
 */
export class GatheredWrites {
  readonly #file: FileHandle;
  #gathered: Buffer[] = [];
  #gatheredBytes = 0;
  #writing: Promise<void> = Promise.resolve();

  /** @param file empty; closed by `close` */
  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Takes the piece over: it must not be changed any more. Rejects with what an earlier write failed with. */
  async append(piece: Buffer): Promise<void> {
    this.#gathered.push(piece);
    this.#gatheredBytes += piece.length;
    if (this.#gatheredBytes >= WRITE_BYTES) await this.#flush();
  }

  /** When it resolves, everything that was appended is on the disk. */
  async sync(): Promise<void> {
    await this.#flush();
    await this.#writing;
    await this.#file.sync();
  }

  async close(): Promise<void> {
    await this.#writing.catch(() => undefined); // Whoever appends or syncs has been told.
    await this.#file.close();
  }

  /** Waits for the write before, not for this one. */
  async #flush(): Promise<void> {
    await this.#writing;
    const pieces = this.#gathered;
    [this.#gathered, this.#gatheredBytes] = [[], 0];
    this.#writing = writeAll(this.#file, pieces);
    this.#writing.catch(() => undefined); // It is waited for by the next flush, by sync or by close.
  }
}

async function writeAll(file: FileHandle, pieces: readonly Buffer[]): Promise<void> {
  let rest = pieces.filter(({ length }) => length > 0);
  while (rest.length > 0) {
    const { bytesWritten } = await file.writev(rest);
    rest = after(rest, bytesWritten);
  }
}

function after(pieces: readonly Buffer[], bytes: number): Buffer[] {
  let skipped = bytes;
  return pieces.flatMap((piece) => {
    const taken = Math.min(skipped, piece.length);
    skipped -= taken;
    return taken === piece.length ? [] : [piece.subarray(taken)];
  });
}
