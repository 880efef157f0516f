import {
  largestHeaderBytes,
  boxesBetween,
  checkBoxCount,
  childrenOf,
  findChild,
  parseBoxHeader,
  type Box,
} from "./box-reader.ts";
import { BoxCursor } from "./box-cursor.ts";
import type { ByteSource } from "./byte-source.ts";
import { MediaError } from "./media-error.ts";
import { readEdits } from "./edit-list.ts";
import type { Edit, Track } from "./track.ts";
import { holdsSamples } from "./sample-table-reader.ts";
import { readMovieTimescale, readTracks, requireMovie } from "./track-reader.ts";
import { readTrackFragments } from "./track-fragment-reader.ts";
import type { FragmentTrack, InitDefaults, SampleDefaults } from "./track-fragment-reader.ts";

export type { FragmentTrack, InitDefaults } from "./track-fragment-reader.ts";

/** One `moof` and the media data after it. */
export interface Fragment {
  /** First byte of the `moof`. */
  offset: number;
  /** Up to the end of the last `mdat` before the next `moof`. */
  sizeBytes: number;
  tracks: FragmentTrack[];
}

/** A `moof` beyond this holds more samples than any recorder writes at once, or is not one. */
const largestMoofBytes = 64 * 1024 * 1024;

/**
 * The tracks of an initialization segment (ISO/IEC 14496-12, 8.8.1).
 * @throws MediaError also where it holds samples of its own, which would be left out silently
 */
export function readInitSegment(bytes: Buffer): Track[] {
  const tracks = readTracks(bytes, requireMovie(bytes));
  if (tracks.some((each) => holdsSamples(bytes, each)))
    throw new MediaError("UNSUPPORTED", "It holds pictures both in its tables and in fragments.");
  return tracks.map(({ track }) => track);
}

/**
 * The edit list of each track of an initialization segment. Recorders put there what aligns the tracks: sound
 * that starts later than the picture, or composition times that do not begin at zero.
 */
export function readInitEdits(bytes: Buffer): Map<number, Edit[]> {
  const moov = requireMovie(bytes);
  const movieTimescale = readMovieTimescale(bytes, moov);
  const edits = ({ track, trak }: { track: Track; trak: Box }): [number, Edit[]] => [
    track.trackId,
    readEdits(bytes, trak, { track: track.timescale, movie: movieTimescale }),
  ];
  return new Map(readTracks(bytes, moov).map(edits));
}

/** What the samples of a track are like where a fragment does not say (`trex`, 8.8.3), by track number. */
export function readInitDefaults(bytes: Buffer): InitDefaults {
  const moov = requireMovie(bytes);
  const mvex = findChild(bytes, moov, "mvex");
  const boxes = mvex ? childrenOf(bytes, mvex).filter((box) => box.type === "trex") : [];
  return new Map(boxes.map((trex) => readTrackDefaults(bytes, trex)));
}

function readTrackDefaults(bytes: Buffer, trex: Box): [number, SampleDefaults] {
  const fields = new BoxCursor(bytes, trex);
  fields.skip(4);
  const trackId = fields.u32();
  fields.skip(4);
  return [trackId, { durationTicks: fields.u32(), sizeBytes: fields.u32(), flags: fields.u32() }];
}

/**
 * The fragments of a media segment held in memory; boxes other than `moof` and `mdat` are passed over.
 * @param defaults from `readInitDefaults`; needed where the fragments rely on them.
 * @throws MediaError also when a sample is not wholly inside `bytes`.
 */
export function readFragments(bytes: Buffer, defaults?: InitDefaults): Fragment[] {
  const fragments = new FragmentCollector(bytes.length, defaults);
  for (const box of boxesBetween(bytes, 0, bytes.length)) {
    if (box.type === "moof") fragments.addMoof(bytes.subarray(box.start, box.end), box.start);
    if (box.type === "mdat") fragments.addMediaData(box);
  }
  return fragments.all;
}

/** As `readFragments`, but reads only box headers and `moof` boxes, never media data. */
export async function readFragmentsFrom(source: ByteSource, defaults?: InitDefaults): Promise<Fragment[]> {
  const fragments = new FragmentCollector(source.lengthBytes, defaults);
  let found = 0;
  for (let at = 0; at < source.lengthBytes;) {
    const box = await readBoxHeader(source, at);
    checkBoxCount(++found);
    if (box.type === "moof") fragments.addMoof(await readMoof(source, box), box.start);
    if (box.type === "mdat") fragments.addMediaData(box);
    at = box.end;
  }
  return fragments.all;
}

/** Reads the header of the box at `at` of a source. */
export async function readBoxHeader(source: ByteSource, at: number): Promise<Box> {
  const header = await source.read(at, Math.min(largestHeaderBytes, source.lengthBytes - at));
  return parseBoxHeader(header, at, source.lengthBytes);
}

async function readMoof(source: ByteSource, box: Box): Promise<Buffer> {
  if (box.end - box.start > largestMoofBytes) {
    throw new MediaError("OUT_OF_RANGE", `The 'moof' at ${box.start} is absurdly large.`);
  }
  return source.read(box.start, box.end - box.start);
}

class FragmentCollector {
  readonly all: Fragment[] = [];
  readonly #fileLengthBytes: number;
  readonly #defaults: InitDefaults;

  constructor(fileLengthBytes: number, defaults: InitDefaults = new Map()) {
    this.#fileLengthBytes = fileLengthBytes;
    this.#defaults = defaults;
  }

  /** `moof` is the whole box, which lies at `offset` of the file. */
  addMoof(moof: Buffer, offset: number): void {
    const placed = { bytes: moof, offset, fileLengthBytes: this.#fileLengthBytes };
    const tracks = readTrackFragments(placed, this.#defaults);
    this.all.push({ offset, sizeBytes: moof.length, tracks });
  }

  addMediaData(mdat: Box): void {
    const fragment = this.all.at(-1);
    if (fragment) fragment.sizeBytes = mdat.end - fragment.offset;
  }
}
