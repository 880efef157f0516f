import type { FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import type { BandwidthLimiter } from "./bandwidth-limiter.ts";

/** A spool file ends before its recorded length. */
export class SpoolFileShort extends Error {}

export interface BlockPlace {
  readonly startByte: number;
  readonly lengthBytes: number;
}

/**
 * A part of a spool file as the body of a request: read piece by piece as the connection takes it, so that
 * memory holds pieces and never blocks, and as fast as the bandwidth lets it through.
 * @param onPassed told of every piece that went on its way
 * @returns fails with SpoolFileShort, or what the signal aborts with
 */
export function blockBody(
  file: FileHandle,
  place: BlockPlace,
  bandwidth: BandwidthLimiter,
  onPassed: (bytes: number) => void,
  signal: AbortSignal,
): Readable {
  const pieces = piecesOf(file, place, bandwidth, onPassed, signal);
  return Readable.from(pieces, { objectMode: false, highWaterMark: 1 });
}

async function* piecesOf(
  file: FileHandle,
  { startByte, lengthBytes }: BlockPlace,
  bandwidth: BandwidthLimiter,
  onPassed: (bytes: number) => void,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for (let done = 0; done < lengthBytes;) {
    const wanted = Math.min(bandwidth.pieceBytes, lengthBytes - done);
    await bandwidth.pass(wanted, signal);
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, startByte + done);
    if (bytesRead !== wanted) throw new SpoolFileShort();
    done += wanted;
    onPassed(wanted);
    yield buffer;
  }
}
