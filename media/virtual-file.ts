import type { BufferSupply, ByteSource } from "./byte-source.ts";
import { MediaError } from "./media-error.ts";
import type { Piece, VirtualFile } from "./progressive-writer.ts";
import { ReadAhead } from "./read-ahead.ts";

const defaultChunkBytes = 1024 * 1024;

/** Chunks that are being read while one is with the reader. */
const chunksAhead = 3;

/** First byte of each piece in its file; kept, as a player asks for many ranges of the same file. */
const pieceStarts = new WeakMap<VirtualFile, Float64Array>();

/** Bytes of a file from `start` up to, and without, `end`. */
export interface FileRange {
  readonly start: number;
  readonly end: number;
}

/** All bytes of a file. */
export function wholeFile({ lengthBytes }: { readonly lengthBytes: number }): FileRange {
  return { start: 0, end: lengthBytes };
}

/** What the pieces of a virtual file are read with. */
export interface SourceReading {
  /** Called when a piece of another source begins. Each source is closed after its last read. */
  readonly openSource: (source: number) => Promise<ByteSource>;
  readonly chunkBytes?: number | undefined;
  /** Of buffers at least as long as a chunk; the reader gives back what it got when it is done with it. */
  readonly pool?: BufferSupply;
}

/**
 * Reads any range of a virtual file, in order, in buffers of at most a chunk. Memory does not grow with the range: at
 * most three chunks are read ahead of the one that was handed out. Sources are closed also when the reader of this
 * generator stops early.
 * @throws MediaError `OUT_OF_RANGE` for a range outside the file; whatever a source rejects with is passed on.
 */
export async function* readVirtualFile(
  file: VirtualFile,
  range: FileRange,
  { openSource, chunkBytes = defaultChunkBytes, pool }: SourceReading,
): AsyncGenerator<Buffer> {
  checkFileRange(file, range);
  const headerEnd = Math.min(range.end, file.header.length);
  for (let at = range.start; at < headerEnd; at += chunkBytes) {
    yield file.header.subarray(at, Math.min(at + chunkBytes, headerEnd));
  }
  const ahead = new ReadAhead(openSource, file.literals ?? [], pool);
  try {
    for (const part of partsWithin(file, range, chunkBytes)) {
      ahead.begin(part);
      if (ahead.isFull(chunksAhead * chunkBytes)) yield await ahead.next();
    }
    while (!ahead.isEmpty) yield await ahead.next();
  } finally {
    await ahead.close();
  }
}

function checkFileRange(file: VirtualFile, { start, end }: FileRange): void {
  const sound = Number.isSafeInteger(start) && Number.isSafeInteger(end);
  if (sound && start >= 0 && start <= end && end <= file.lengthBytes) return;
  throw new MediaError("OUT_OF_RANGE", `Bytes ${start} to ${end} are not in a file of ${file.lengthBytes}.`);
}

/** The range in parts of at most `chunkBytes`, each of one source; the header's bytes are not among them. */
function* partsWithin(file: VirtualFile, range: FileRange, chunkBytes: number): Generator<Piece> {
  for (const { source, offset, lengthBytes } of piecesWithin(file, range)) {
    for (let done = 0; done < lengthBytes; done += chunkBytes) {
      yield { source, offset: offset + done, lengthBytes: Math.min(chunkBytes, lengthBytes - done) };
    }
  }
}

/** The pieces, or parts of them, that make up a range. */
function* piecesWithin(file: VirtualFile, { start, end }: FileRange): Generator<Piece> {
  const starts = startsOfPieces(file);
  for (let index = lastStartingAtOrBefore(starts, start); index < file.pieces.length; index++) {
    const pieceStart = starts[index]!;
    if (pieceStart >= end) return;
    const piece = file.pieces[index]!;
    const skipped = Math.max(0, start - pieceStart);
    const lengthBytes = Math.min(piece.lengthBytes, end - pieceStart) - skipped;
    if (lengthBytes > 0) yield { source: piece.source, offset: piece.offset + skipped, lengthBytes };
  }
}

function startsOfPieces(file: VirtualFile): Float64Array {
  const known = pieceStarts.get(file);
  if (known) return known;
  const starts = new Float64Array(file.pieces.length);
  let at = file.header.length;
  file.pieces.forEach((piece, index) => {
    starts[index] = at;
    at += piece.lengthBytes;
  });
  pieceStarts.set(file, starts);
  return starts;
}

/** Index of the piece that holds a byte; 0 for a byte before all pieces. */
function lastStartingAtOrBefore(starts: Float64Array, byte: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (starts[middle]! <= byte) low = middle;
    else high = middle - 1;
  }
  return low;
}
