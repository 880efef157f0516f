import { open, stat, utimes, type FileHandle } from "node:fs/promises";
import { finishPart, partOf } from "#runtime/files/part-file.ts";

/** What was written must not wait longer for the disk than this, however long the footage file is. */
const SYNC_MS = 4_000;

/**
 * Frames that come within so long after the last write are written together: of a camera with 25 a second two at a time.
 * A call for each is a third of what recording costs.
 */
const GATHER_MS = 80;

interface Write {
  readonly at: number;
  readonly bytes: Buffer;
}

/**
 * A footage file that grows frame by frame. What was appended is in the system's hands at once, or with the next
 * frames, so that nearly nothing is lost with this process, and on the disk after some seconds and when the file is
 * closed. Nothing waits for the disk.
 */
export class OpenFootageFile {
  readonly path: string;
  readonly #opening: Promise<FileHandle>;
  #writes: Write[] = [];
  #working: Promise<void>;
  #wroteMs = -Infinity;
  #gathering: NodeJS.Timeout | null = null;
  #lengthBytes = 0;
  #syncedMs = performance.now();
  readonly #onFailure: (error: unknown) => void;
  #hasFailed = false;

  /** @param path of the finished file */
  constructor(path: string, ready: Promise<void>, onFailure: (error: unknown) => void) {
    this.path = path;
    this.#onFailure = onFailure;
    this.#opening = ready.then(() => open(partOf(path), "w"));
    this.#working = this.#opening.then(
      () => undefined,
      (error: unknown) => this.#fail(error),
    );
  }

  get lengthBytes(): number {
    return this.#lengthBytes;
  }

  append(...parts: readonly Buffer[]): void {
    for (const bytes of parts) {
      this.#writes.push({ at: this.#lengthBytes, bytes });
      this.#lengthBytes += bytes.length;
    }
    this.#work();
  }

  /** Writes over bytes that were appended before. */
  patch(at: number, bytes: Buffer): void {
    this.#writes.push({ at, bytes });
    this.#work();
  }

  /** @returns false where the disk did not take all of it; what can be read of it is left under the open name */
  async close(): Promise<boolean> {
    this.#writeSoon();
    await this.#working;
    const file = await this.#opening.catch(() => null);
    if (file === null) return false;
    try {
      if (this.#hasFailed) return false;
      await file.datasync();
      await file.close();
      await finishPart(this.path);
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    } finally {
      // A handle that is closed already stays closed.
      await file.close().catch(() => undefined);
    }
  }

  #work(): void {
    const waitMs = this.#wroteMs + GATHER_MS - performance.now();
    if (waitMs <= 0) this.#writeSoon();
    else this.#gathering ??= setTimeout(() => this.#writeSoon(), waitMs);
  }

  #writeSoon(): void {
    if (this.#gathering !== null) clearTimeout(this.#gathering);
    this.#gathering = null;
    this.#wroteMs = performance.now();
    this.#working = this.#working.then(() => this.#writeAll()).catch((error: unknown) => this.#fail(error));
  }

  async #writeAll(): Promise<void> {
    const writes = this.#writes;
    if (writes.length === 0 || this.#hasFailed) return;
    this.#writes = [];
    const file = await this.#opening;
    for (const { at, pieces } of joined(writes)) await writeWhole(file, pieces, at);
    if (performance.now() - this.#syncedMs < SYNC_MS) return;
    this.#syncedMs = performance.now();
    await file.datasync();
  }

  #fail(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#onFailure(error);
  }
}

interface Joined {
  readonly at: number;
  readonly pieces: Buffer[];
}

/** Writes that follow each other are one. */
function joined(writes: readonly Write[]): Joined[] {
  const groups: (Joined & { end: number })[] = [];
  for (const { at, bytes } of writes) {
    const last = groups.at(-1);
    if (last?.end === at) {
      last.pieces.push(bytes);
      last.end += bytes.length;
    } else groups.push({ at, end: at + bytes.length, pieces: [bytes] });
  }
  return groups;
}

/** One call for all pieces, and none is copied before: for frame after frame that is half of what writing costs. */
async function writeWhole(file: FileHandle, pieces: readonly Buffer[], at: number): Promise<void> {
  let left = [...pieces];
  for (let place = at; left.length > 0;) {
    const { bytesWritten } = await file.writev(left, place);
    place += bytesWritten;
    left = behind(left, bytesWritten);
  }
}

/** What is left of pieces of which so much has been written. */
function behind(pieces: readonly Buffer[], writtenBytes: number): Buffer[] {
  let skipBytes = writtenBytes;
  return pieces.flatMap((piece) => {
    const skipped = Math.min(skipBytes, piece.length);
    skipBytes -= skipped;
    return skipped === piece.length ? [] : [piece.subarray(skipped)];
  });
}

const BOX_HEADER_BYTES = 8;

/**
 * Makes a finished footage file of one that a crash left open: whatever is torn at its end is cut off.
 * @param path of the finished file
 * @returns false where it holds no whole frame
 */
export async function finishLeftFile(path: string): Promise<boolean> {
  const { mtime, atime, size } = await stat(partOf(path));
  const file = await open(partOf(path), "r+");
  try {
    const wholeBytes = await wholeFragmentsBytes(file, size);
    if (wholeBytes === 0) return false;
    if (wholeBytes < size) await file.truncate(wholeBytes);
    await file.datasync();
  } finally {
    await file.close();
  }
  // When its last frame arrived is what the file's time says.
  await utimes(partOf(path), atime, mtime);
  await finishPart(path);
  return true;
}

/** Up to the end of the last fragment of which the file holds all bytes. */
async function wholeFragmentsBytes(file: FileHandle, sizeBytes: number): Promise<number> {
  const header = Buffer.alloc(BOX_HEADER_BYTES);
  let whole = 0;
  for (let at = 0; at + BOX_HEADER_BYTES <= sizeBytes;) {
    await file.read(header, 0, BOX_HEADER_BYTES, at);
    const type = header.toString("latin1", 4);
    const end = at + header.readUInt32BE(0);
    if (end > sizeBytes || end < at + BOX_HEADER_BYTES || (type !== "moof" && type !== "mdat")) break;
    if (type === "mdat") whole = end;
    at = end;
  }
  return whole;
}
