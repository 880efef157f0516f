import { largestU32 } from "./box-writer.ts";
import { MediaError } from "./media-error.ts";
import type { Sample } from "./track.ts";

/** A sample and the file it lies in. */
export interface PlacedSample extends Sample {
  /** Index into the caller's list of source files; below zero the bitwise complement of one into `literals`. */
  source: number;
  /** Index into the file's `literals`: bytes that stand in front of the sample's own; `sizeBytes` is without them. */
  literal?: number;
}

/** Bytes to be copied untouched. */
export interface Piece {
  /** Index of the source file; below zero the bitwise complement of an index into the file's `literals`. */
  source: number;
  offset: number;
  lengthBytes: number;
}

/** Samples by their place: an array, or what reads them one by one out of a table. */
export interface SampleSequence {
  readonly length: number;
  /** May give the same object each time, with other values: nobody keeps it. */
  at(index: number): PlacedSample | undefined;
}

/** Samples of one track that follow each other without a hole. */
export interface SampleBatch {
  /** Decode time of the first, on the clock that all batches of the track count by. */
  firstDecodeTicks: number;
  samples: SampleSequence;
}

/** Who hears where each sample came to lie, such as the writer of a track's tables. */
export interface PlacedTrack {
  readonly timescale: number;
  beginBatch(firstDecodeTicks: number): void;
  /** @param chunkStart first byte of the chunk, counted from the first media byte of the file */
  beginChunk(chunkStart: number): void;
  addSample(sample: PlacedSample, sizeBytes: number): void;
  endChunk(): void;
}

/** One sequence of bytes out of many places: stretches that follow each other in a source are one piece. */
export class PieceList {
  readonly pieces: Piece[] = [];
  lengthBytes = 0;
  readonly #literals: readonly Buffer[];

  constructor(literals: readonly Buffer[]) {
    this.#literals = literals;
  }

  /** @returns how long the sample is here, with what stands in front of it */
  add({ source, offset, sizeBytes, literal }: PlacedSample): number {
    const literalBytes = literal === undefined ? 0 : (this.#literals[literal]?.length ?? 0);
    if (literal !== undefined) this.#addBytes(~literal, 0, literalBytes);
    this.#addBytes(source, offset, sizeBytes);
    return literalBytes + sizeBytes;
  }

  #addBytes(source: number, offset: number, lengthBytes: number): void {
    if (lengthBytes === 0) return;
    this.lengthBytes += lengthBytes;
    const last = this.pieces.at(-1);
    if (last && last.source === source && last.offset + last.lengthBytes === offset) {
      last.lengthBytes += lengthBytes;
      return;
    }
    this.pieces.push({ source, offset, lengthBytes });
  }
}

/** Puts the samples of several tracks into one sequence of bytes, a chunk of each in turn. */
export class MediaLayout {
  readonly #list: PieceList;
  readonly #chunkSeconds: number;

  /** @param chunkSeconds how much of one track comes before the next one's turn; short ones save players memory */
  constructor(chunkSeconds: number, literals: readonly Buffer[]) {
    this.#chunkSeconds = chunkSeconds;
    this.#list = new PieceList(literals);
  }

  get pieces(): Piece[] {
    return this.#list.pieces;
  }

  get lengthBytes(): number {
    return this.#list.lengthBytes;
  }

  /**
   * Adds one batch of each track: the track whose next sample is decoded first (at equal times the earlier in the
   * list) gives one chunk. Linear in the number of samples, and the same every time.
   * @throws MediaError `OUT_OF_RANGE` for a sample whose numbers no file can hold
   */
  add(batches: readonly { track: PlacedTrack; batch: SampleBatch }[]): void {
    const feeds = batches.map(({ track, batch }) => new TrackFeed(track, batch));
    for (const { track, batch } of batches) track.beginBatch(batch.firstDecodeTicks);
    for (let feed = nextFeed(feeds); feed; feed = nextFeed(feeds)) this.#placeChunk(feed);
  }

  #placeChunk(feed: TrackFeed): void {
    const { track } = feed;
    track.beginChunk(this.lengthBytes);
    const endTicks = feed.decodeTicks + track.timescale * this.#chunkSeconds;
    do {
      const sample = feed.take();
      checkSample(sample);
      track.addSample(sample, this.#list.add(sample));
    } while (!feed.isDone && feed.decodeTicks < endTicks);
    track.endChunk();
  }
}

function nextFeed(feeds: readonly TrackFeed[]): TrackFeed | undefined {
  let next: TrackFeed | undefined;
  for (const feed of feeds) {
    if (!feed.isDone && (!next || feed.decodeSeconds < next.decodeSeconds)) next = feed;
  }
  return next;
}

class TrackFeed {
  readonly track: PlacedTrack;
  decodeTicks: number;
  readonly #samples: SampleSequence;
  #next = 0;

  constructor(track: PlacedTrack, { firstDecodeTicks, samples }: SampleBatch) {
    this.track = track;
    this.decodeTicks = firstDecodeTicks;
    this.#samples = samples;
  }

  get isDone(): boolean {
    return this.#next === this.#samples.length;
  }

  get decodeSeconds(): number {
    return this.decodeTicks / this.track.timescale;
  }

  take(): PlacedSample {
    const sample = this.#samples.at(this.#next++)!;
    this.decodeTicks += sample.durationTicks;
    return sample;
  }
}

function checkSample(sample: PlacedSample): void {
  const { source, offset, sizeBytes, durationTicks, compositionOffsetTicks } = sample;
  const sound =
    Number.isSafeInteger(source) &&
    isWithin(offset, Number.MAX_SAFE_INTEGER) &&
    isWithin(sizeBytes, largestU32) &&
    isWithin(durationTicks, largestU32) &&
    isWithin(Math.abs(compositionOffsetTicks), 0x7fff_ffff);
  if (!sound) throw new MediaError("OUT_OF_RANGE", `No file can hold the sample ${JSON.stringify(sample)}.`);
}

function isWithin(value: number, largest: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= largest;
}
