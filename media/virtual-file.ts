import type { ByteSource } from "./byte-source.ts";
import { MediaError } from "./media-error.ts";
import type { VirtualFile } from "./progressive-writer.ts";

const defaultChunkBytes = 1024 * 1024;

/** First byte of each piece in its file; kept, as a player asks for many ranges of the same file. */
const pieceStarts = new WeakMap<VirtualFile, Float64Array>();

/**
 * Reads any byte range of a virtual file, in order, in buffers of at most `chunkBytes`. Memory does not grow with
 * the range. At most one source is open at a time: `openSource` is called when a piece of another source begins,
 * and the source before is closed, also when the reader of this generator stops early.
 * @throws MediaError `OUT_OF_RANGE` for a range outside the file; whatever a source rejects with is passed on.
 */
export async function* readVirtualFile(
  file: VirtualFile,
  startByte: number,
  endByteExclusive: number,
  openSource: (source: number) => Promise<ByteSource>,
  chunkBytes: number = defaultChunkBytes,
): AsyncGenerator<Buffer> {
  checkFileRange(file, startByte, endByteExclusive);
  const headerEnd = Math.min(endByteExclusive, file.header.length);
  for (let at = startByte; at < headerEnd; at += chunkBytes) {
    yield file.header.subarray(at, Math.min(at + chunkBytes, headerEnd));
  }
  const sources = new OpenSource(openSource);
  try {
    for (const { source, offset, lengthBytes } of piecesWithin(file, startByte, endByteExclusive)) {
      const opened = await sources.get(source);
      for (let done = 0; done < lengthBytes; done += chunkBytes) {
        yield await opened.read(offset + done, Math.min(chunkBytes, lengthBytes - done));
      }
    }
  } finally {
    await sources.close();
  }
}

function checkFileRange(file: VirtualFile, start: number, end: number): void {
  const sound = Number.isSafeInteger(start) && Number.isSafeInteger(end);
  if (sound && start >= 0 && start <= end && end <= file.lengthBytes) return;
  throw new MediaError("OUT_OF_RANGE", `Bytes ${start} to ${end} are not in a file of ${file.lengthBytes}.`);
}

/** The pieces, or parts of them, that make up a range; the header's bytes are not among them. */
function* piecesWithin(
  file: VirtualFile,
  start: number,
  end: number,
): Generator<VirtualFile["pieces"][number]> {
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

class OpenSource {
  readonly #open: (source: number) => Promise<ByteSource>;
  #current: { index: number; source: ByteSource } | undefined;

  constructor(open: (source: number) => Promise<ByteSource>) {
    this.#open = open;
  }

  async get(index: number): Promise<ByteSource> {
    if (this.#current?.index === index) return this.#current.source;
    await this.close();
    this.#current = { index, source: await this.#open(index) };
    return this.#current.source;
  }

  async close(): Promise<void> {
    const closing = this.#current?.source;
    this.#current = undefined;
    await closing?.close?.();
  }
}
