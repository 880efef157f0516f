import type { FileHandle } from "node:fs/promises";
import { crc32 } from "node:zlib";
import type { BufferPool } from "#runtime/streams/buffer-pool.ts";
import { PooledStream } from "#runtime/streams/pooled-stream.ts";
import { onSpool } from "../spool/spool-disk-error.ts";
import type { ProgressWatch } from "../progress-watch.ts";
import type { BandwidthLimiter } from "./bandwidth-limiter.ts";

/** A spool file ends before its recorded length. */
export class SpoolFileShort extends Error {}

/** A block of a spool file has other bytes than were written. */
export class SpoolFileChanged extends Error {}

const CHECKED_AT_ONCE_BYTES = 1024 * 1024;

/** A block of a spool file. */
export interface SpooledBlock {
  readonly file: FileHandle;
  readonly startByte: number;
  readonly lengthBytes: number;
  /** Of its bytes as they were written; null where nobody knows. */
  readonly crc: number | null;
}

/** How bytes pass from the disk to the line. */
export interface Passage {
  readonly bandwidth: BandwidthLimiter;
  /** Of buffers as long as the bandwidth's largest piece. */
  readonly pool: BufferPool;
  /** Told of every piece that went on its way; waiting for the bandwidth does not count. */
  readonly watch: ProgressWatch;
  readonly onPassed: (bytes: number) => void;
}

/**
 * A block as the body of a request: read piece by piece into a few buffers as the connection takes
 * it, so that memory holds pieces and never blocks, and as fast as the bandwidth lets it through.
 * @returns fails with SpoolFileShort, with SpoolFileChanged before the last piece has gone, with SpoolDiskError, or what the watch's signal aborts with
 */
export function blockBody(block: SpooledBlock, passage: Passage): PooledStream {
  return new PooledStream((supply) => piecesOf(block, passage, supply), passage.pool);
}

async function* piecesOf(
  { file, startByte, lengthBytes, crc }: SpooledBlock,
  { bandwidth, watch, onPassed }: Passage,
  supply: BufferPool | undefined,
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

/** Reads a block and lets nothing of it go anywhere. @throws SpoolFileShort, SpoolFileChanged, SpoolDiskError */
export async function checkBlock(
  { file, startByte, lengthBytes, crc }: SpooledBlock,
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
