import { PassThrough, pipeline, type Readable } from "node:stream";

/**
 * The pieces of a stream as they came. Read as it is, a stream first puts together whatever waits: a copy of everything,
 * in pieces so large that the processor's cache no longer has their beginning when their end is used.
 * @param mostWaiting pieces that are kept before the stream is made to pause, twice as many at most
 * @returns fails as the stream does; to leave it early destroys the stream
 */
export function piecesOf(stream: Readable, mostWaiting: number): AsyncIterable<Buffer> {
  const pieces = new PassThrough({ objectMode: true, highWaterMark: mostWaiting });
  // Whoever reads the pieces is told what the stream fails with.
  return pipeline(stream, pieces, () => undefined);
}
