import { largestU32 } from "./box-writer.ts";
import { MediaError } from "./media-error.ts";
import type { Sample, Track } from "./track.ts";

/** A sample and the file it lies in. */
export interface PlacedSample extends Sample {
  /** Index into the caller's list of source files. */
  source: number;
}

/** Bytes to be copied untouched. */
export interface Piece {
  source: number;
  offset: number;
  lengthBytes: number;
}

/** The chunks of one track, in order. */
export interface ChunkTable {
  /** First byte, counted from the first media byte of the file. */
  offsets: number[];
  sampleCounts: number[];
}

export interface MediaLayout {
  /** One table a track, in the order of the tracks. */
  chunks: ChunkTable[];
  pieces: Piece[];
  lengthBytes: number;
}

/** How much of one track comes before the next one's turn; short, so that a player needs little memory. */
const chunkSeconds = 0.5;

/**
 * Puts the samples of all tracks into one sequence: the track whose next sample is decoded first (at equal times
 * the earlier in the list) gives half a second. Linear in the number of samples, and the same every time.
 * @throws MediaError `OUT_OF_RANGE` for a sample whose numbers no file can hold.
 */
export function layOutMedia(
  tracks: readonly { track: Track; samples: readonly PlacedSample[] }[],
): MediaLayout {
  const placer = new MediaPlacer();
  const feeds = tracks.map(({ track, samples }) => new TrackFeed(track.timescale, samples));
  for (let feed = nextFeed(feeds); feed; feed = nextFeed(feeds)) feed.placeChunk(placer);
  const chunks = feeds.map((feed) => feed.chunks);
  return { chunks, pieces: placer.pieces, lengthBytes: placer.lengthBytes };
}

function nextFeed(feeds: TrackFeed[]): TrackFeed | undefined {
  let next: TrackFeed | undefined;
  for (const feed of feeds) {
    if (!feed.isDone && (!next || feed.decodeSeconds < next.decodeSeconds)) next = feed;
  }
  return next;
}

class TrackFeed {
  readonly chunks: ChunkTable = { offsets: [], sampleCounts: [] };
  readonly #timescale: number;
  readonly #samples: readonly PlacedSample[];
  #next = 0;
  #decodeTicks = 0;

  constructor(timescale: number, samples: readonly PlacedSample[]) {
    this.#timescale = timescale;
    this.#samples = samples;
  }

  get isDone(): boolean {
    return this.#next === this.#samples.length;
  }

  get decodeSeconds(): number {
    return this.#decodeTicks / this.#timescale;
  }

  placeChunk(placer: MediaPlacer): void {
    const first = this.#next;
    const endTicks = this.#decodeTicks + this.#timescale * chunkSeconds;
    this.chunks.offsets.push(placer.lengthBytes);
    do {
      const sample = this.#samples[this.#next++]!;
      checkSample(sample);
      placer.place(sample);
      this.#decodeTicks += sample.durationTicks;
    } while (!this.isDone && this.#decodeTicks < endTicks);
    this.chunks.sampleCounts.push(this.#next - first);
  }
}

class MediaPlacer {
  readonly pieces: Piece[] = [];
  lengthBytes = 0;
  #last: Piece | undefined;

  place({ source, offset, sizeBytes }: PlacedSample): void {
    if (sizeBytes === 0) return;
    this.lengthBytes += sizeBytes;
    const last = this.#last;
    if (last && last.source === source && last.offset + last.lengthBytes === offset) {
      last.lengthBytes += sizeBytes;
      return;
    }
    this.#last = { source, offset, lengthBytes: sizeBytes };
    this.pieces.push(this.#last);
  }
}

function checkSample(sample: PlacedSample): void {
  const { source, offset, sizeBytes, durationTicks, compositionOffsetTicks } = sample;
  const sound =
    isWithin(source, Number.MAX_SAFE_INTEGER) &&
    isWithin(offset, Number.MAX_SAFE_INTEGER) &&
    isWithin(sizeBytes, largestU32) &&
    isWithin(durationTicks, largestU32) &&
    isWithin(Math.abs(compositionOffsetTicks), 0x7fff_ffff);
  if (!sound) throw new MediaError("OUT_OF_RANGE", `No file can hold the sample ${JSON.stringify(sample)}.`);
}

function isWithin(value: number, largest: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= largest;
}
