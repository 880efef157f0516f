import { MediaError } from "./media-error.ts";

/**
 * Bytes that can be read from any place: a file, a part of an encrypted blob, memory.
 * Promises: reads may overlap in time, do not depend on their order, and give the same bytes every time.
 */
export interface ByteSource {
  readonly lengthBytes: number;
  /**
   * Gives exactly `lengthBytes` bytes from `offset`, or rejects (a `MediaError` when they do not exist).
   * @param into at least as long; a source may fill it and give a part of it instead of memory of its own
   */
  read(offset: number, lengthBytes: number, into?: Buffer): Promise<Buffer>;
  /** Frees what the source holds; whoever opened the source calls it once, after the last read. */
  close?(): Promise<void>;
}

/** Where buffers to read into come from. */
export interface BufferSupply {
  /** A buffer at least as long as what is read at a time. */
  take(): Buffer;
}

/** Throws `OUT_OF_RANGE` for a nonsensical range and `BOX_TRUNCATED` for one past the end. */
export function checkRange(
  source: { readonly lengthBytes: number },
  offset: number,
  lengthBytes: number,
): void {
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(lengthBytes) || offset < 0 || lengthBytes < 0) {
    throw new MediaError("OUT_OF_RANGE", `Cannot read ${lengthBytes} bytes at ${offset}.`);
  }
  if (offset + lengthBytes > source.lengthBytes) {
    throw new MediaError(
      "BOX_TRUNCATED",
      `Wanted ${lengthBytes} bytes at ${offset}, but there are only ${source.lengthBytes}.`,
    );
  }
}

/** A source over bytes in memory; what it gives shares memory with `bytes`. */
export function bufferSource(bytes: Buffer): ByteSource {
  const source = {
    lengthBytes: bytes.length,
    // Async, so that a bad range rejects like that of any other source.
    async read(offset: number, lengthBytes: number): Promise<Buffer> {
      checkRange(source, offset, lengthBytes);
      return bytes.subarray(offset, offset + lengthBytes);
    },
  };
  return source;
}
