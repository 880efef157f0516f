import type { FileHandle } from "node:fs/promises";
import type { BufferPool } from "#streams/buffer-pool.ts";
import { PooledStream } from "#streams/pooled-stream.ts";
import { onSpool } from "../spool/spool-trouble.ts";
import type { ProgressWatch } from "../progress-watch.ts";
import type { BandwidthLimiter } from "./bandwidth-limiter.ts";

/** A spool file ends before its recorded length. */
export class SpoolFileShort extends Error {}

export interface BlockPlace {
  readonly startByte: number;
  readonly lengthBytes: number;
}

/**
 * A part of a spool file as the body of a request: read piece by piece into a few buffers as the connection takes
 * it, so that memory holds pieces and never blocks, and as fast as the bandwidth lets it through.
 * @param pool of buffers as long as the bandwidth's largest piece
 * @param onPassed told of every piece that went on its way
 * @param watch told of each of them too; waiting for the bandwidth does not count
 * @returns fails with SpoolFileShort, SpoolTrouble, or what the watch's signal aborts with
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
  { startByte, lengthBytes }: BlockPlace,
  bandwidth: BandwidthLimiter,
  supply: BufferPool | undefined,
  onPassed: (bytes: number) => void,
  watch: ProgressWatch,
): AsyncGenerator<Buffer> {
  for (let done = 0; done < lengthBytes;) {
    const wanted = Math.min(bandwidth.pieceBytes, lengthBytes - done);
    await watch.aside(() => bandwidth.pass(wanted, watch.signal));
    const piece = (supply?.take() ?? Buffer.allocUnsafe(wanted)).subarray(0, wanted);
    const { bytesRead } = await onSpool(() => file.read(piece, 0, wanted, startByte + done));
    if (bytesRead !== wanted) throw new SpoolFileShort();
    done += wanted;
    watch.moved();
    onPassed(wanted);
    yield piece;
  }
}
