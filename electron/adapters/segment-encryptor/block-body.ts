import type { FileHandle } from "node:fs/promises";
import { crc32 } from "node:zlib";
import type { BufferPool } from "#runtime/streams/buffer-pool.ts";
import { PooledStream } from "#runtime/streams/pooled-stream.ts";
import { onSpool } from "../spool/spool-trouble.ts";
import type { ProgressWatch } from "../progress-watch.ts";
import type { BandwidthLimiter } from "./bandwidth-limiter.ts";

/** A spool file ends before its recorded length. */
export class SpoolFileShort extends Error {}

/** A block of a spool file has other bytes than were written. */
export class SpoolFileChanged extends Error {}

const CHECKED_AT_ONCE_BYTES = 1024 * 1024;

export interface BlockPlace {
  readonly startByte: number;
  readonly lengthBytes: number;
  /** Of its bytes as they were written; null where nobody knows. */
  readonly crc: number | null;
}

/**
 * A part of a spool file as the body of a request: read piece by piece into a few buffers as the connection takes
 * it, so that memory holds pieces and never blocks, and as fast as the bandwidth lets it through.
 * @param pool of buffers as long as the bandwidth's largest piece
 * @param onPassed told of every piece that went on its way
 * @param watch told of each of them too; waiting for the bandwidth does not count
 * @returns fails with SpoolFileShort, with SpoolFileChanged before the last piece has gone, with SpoolTrouble, or what the watch's signal aborts with
 */
export function blockBody(
  file: FileHandle,
  place: BlockPlace,
  bandwidth: BandwidthLimiter,
  pool: BufferPool,
  onPassed: (bytes: number) => void,
  watch: ProgressWatch,
): PooledStream {
  return new PooledStream((supply) => piecesOf(file, place, bandwidth, supply, onPassed, watch), pool);
}

async function* piecesOf(
  file: FileHandle,
  { startByte, lengthBytes, crc }: BlockPlace,
  bandwidth: BandwidthLimiter,
  supply: BufferPool | undefined,
  onPassed: (bytes: number) => void,
  watch: ProgressWatch,
): AsyncGenerator<Buffer> {
  let crcSoFar = 0;
  for (let done = 0; done < lengthBytes;) {
    const wanted = Math.min(bandwidth.pieceBytes, lengthBytes - done);
    await watch.aside(() => bandwidth.pass(wanted, watch.signal));
    const piece = (supply?.take() ?? Buffer.allocUnsafe(wanted)).subarray(0, wanted);
    const { bytesRead } = await onSpool(() => file.read(piece, 0, wanted, startByte + done));
    if (bytesRead !== wanted) throw new SpoolFileShort();
    done += wanted;
    if (crc !== null) crcSoFar = crc32(piece, crcSoFar);
    if (crc !== null && done === lengthBytes && crcSoFar !== crc) throw new SpoolFileChanged();
    watch.moved();
    onPassed(wanted);
    yield piece;
  }
}

/** Reads a block and lets nothing of it go anywhere. @throws SpoolFileShort, SpoolFileChanged, SpoolTrouble */
export async function checkBlock(
  file: FileHandle,
  { startByte, lengthBytes, crc }: BlockPlace,
  signal: AbortSignal,
): Promise<void> {
  if (crc === null) return;
  const piece = Buffer.allocUnsafe(Math.min(CHECKED_AT_ONCE_BYTES, lengthBytes));
  let crcSoFar = 0;
  for (let done = 0; done < lengthBytes;) {
    signal.throwIfAborted();
    const part = piece.subarray(0, Math.min(piece.length, lengthBytes - done));
    const { bytesRead } = await onSpool(() => file.read(part, 0, part.length, startByte + done));
    if (bytesRead !== part.length) throw new SpoolFileShort();
    crcSoFar = crc32(part, crcSoFar);
    done += part.length;
  }
  if (crcSoFar !== crc) throw new SpoolFileChanged();
}
