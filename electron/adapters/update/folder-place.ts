import { constants } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { saysMissing } from "#runtime/files/missing-file.ts";
import { type Outcome, succeeded } from "#shared/domain/failure.ts";
import {
  DESCRIPTION_TOO_LONG,
  notPublished,
  PlaceUnreachable,
  placeUnreachable,
  whyOf,
} from "./place-failures.ts";
import type { UpdatePlace } from "./update-place.ts";

const PIECE_BYTES = 1024 * 1024;

/** A folder, often of another computer: a disk that stops answering is left after its time. */
export class FolderPlace implements UpdatePlace {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(name: string, maxBytes: number, signal: AbortSignal): Promise<Outcome<Buffer>> {
    try {
      return await inTime(this.#read(name, maxBytes), signal);
    } catch (error) {
      return placeUnreachable(this.#folder, whyOf(error));
    }
  }

  async #read(name: string, maxBytes: number): Promise<Outcome<Buffer>> {
    // A folder that is away is another thing than one in which nothing is published.
    await stat(this.#folder);
    const file = await openedFile(join(this.#folder, name)).catch((error: unknown) => {
      if (saysMissing(error)) return null;
      throw error;
    });
    if (file === null) return notPublished(this.#folder);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(maxBytes + 1), 0, maxBytes + 1, 0);
      return bytesRead > maxBytes ? DESCRIPTION_TOO_LONG : succeeded(buffer.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  }

  async *open(name: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    try {
      const file = await inTime(openedFile(join(this.#folder, name)), signal);
      try {
        for (let at = 0; ;) {
          const reading = file.read(Buffer.allocUnsafe(PIECE_BYTES), 0, PIECE_BYTES, at);
          const { bytesRead, buffer } = await inTime(reading, signal);
          if (bytesRead === 0) return;
          at += bytesRead;
          yield buffer.subarray(0, bytesRead);
        }
      } finally {
        // One that does not answer does not close either.
        void file.close().catch(() => undefined);
      }
    } catch (error) {
      throw new PlaceUnreachable(placeUnreachable(this.#folder, whyOf(error)));
    }
  }
}

/**
 * A pipe that nobody writes to would never open, and each try would hold one of the few threads that files of exports are
 * read and written by.
 * @throws Node's own error, and one for what is no file
 */
async function openedFile(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new Error(`${basename(path)} is no file`);
}

/** Rejects when the signal aborts, whatever becomes of the work. */
async function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
