import {
  checkBoxCount,
  findChild,
  largestHeaderBytes,
  boxMissing,
  parseBoxHeader,
  type Box,
} from "./box-reader.ts";
import type { ByteSource } from "./byte-source.ts";
import { readEdits } from "./edit-list.ts";
import { readBoxHeader } from "./fragmented-reader.ts";
import { MediaError } from "./media-error.ts";
import type { SampleColumns } from "./sample-columns.ts";
import { holdsSamples, readSamples } from "./sample-table-reader.ts";
import type { Edit, Track } from "./track.ts";
import { readMovieTimescale, readTracks } from "./track-reader.ts";

/** A track of a progressive file. */
export interface ProgressiveTrack {
  track: Track;
  /** In decode order; the first is decoded at 0. */
  samples: SampleColumns;
  /** As in the file; empty where it has no edit list. */
  edits: Edit[];
}

/** What a file may hold at most: its tables are read into memory, and tiny ones can claim millions of samples. */
export interface ReadLimits {
  /** Of all tracks that are read. */
  readonly samples: number;
  /** Length of the `moov`. */
  readonly movieBytes: number;
}

export interface ReadOptions {
  readonly limits?: ReadLimits;
  /** Tracks of other kinds are not looked at, so whatever is wrong with them; default: picture and sound. */
  readonly handlers?: readonly Track["handler"][];
}

/** Three days of 60 frames a second, or of 25 and sound; more is damage. */
const mostOfAny: ReadLimits = { samples: 1 << 24, movieBytes: 512 * 1024 * 1024 };

/**
 * Reads the tables of a progressive file, wherever its `moov` is; media data and what follows the `moov` is never
 * read. Tracks that are neither picture nor sound, and unknown boxes, are passed over.
 * @throws MediaError for a damaged file, and `UNSUPPORTED` for a fragmented one.
 */
export async function readProgressiveFile(
  source: ByteSource,
  { limits = mostOfAny, handlers }: ReadOptions = {},
): Promise<ProgressiveTrack[]> {
  const box = await findMovie(source);
  if (box.end - box.start > limits.movieBytes)
    throw new MediaError("OUT_OF_RANGE", "The 'moov' is absurdly large.");
  const bytes = await source.read(box.start, box.end - box.start);
  const moov = parseBoxHeader(bytes.subarray(0, 16), 0, bytes.length);
  const movieTimescale = readMovieTimescale(bytes, moov);
  const wanted = readTracks(bytes, moov, handlers);
  if (findChild(bytes, moov, "mvex")) throw fragmented(wanted.some((each) => holdsSamples(bytes, each)));
  if (await hasFragments(source, box.end)) throw fragmented(true);
  let samplesLeft = limits.samples;
  return wanted.map(({ track, trak, sampleTable }) => {
    const bounds = { fileLengthBytes: source.lengthBytes, mostSamples: samplesLeft };
    const samples = readSamples(bytes, sampleTable, bounds);
    samplesLeft -= samples.length;
    const timescales = { track: track.timescale, movie: movieTimescale };
    return { track, samples, edits: readEdits(bytes, trak, timescales) };
  });
}

function fragmented(hasBoth: boolean): MediaError {
  const both = "It holds pictures both in its tables and in fragments.";
  return new MediaError("UNSUPPORTED", hasBoth ? both : "The file is fragmented.");
}

/** Boxes looked at behind the tables: a file that has fragments there has one of them soon. */
const boxesLookedAt = 64;

/** Whether fragments follow that the tables say nothing of. What is no box there is no matter. */
async function hasFragments(source: ByteSource, from: number): Promise<boolean> {
  let at = from;
  for (let looked = 0; looked < boxesLookedAt && at < source.lengthBytes; looked++) {
    try {
      const box = await readBoxHeader(source, at);
      if (box.type === "moof") return true;
      at = box.end;
    } catch (error) {
      if (error instanceof MediaError) return false;
      throw error;
    }
  }
  return false;
}

/** At the top of a file that anybody made; where there are more, there are many. */
const boxesOfAny = 8;
const aheadBytes = 64 * 1024;

async function findMovie(source: ByteSource): Promise<Box> {
  let found = 0;
  // Read ahead: thousands of small boxes would else be as many reads, each with a decryption of its own.
  let ahead: { start: number; bytes: Buffer } = { start: 0, bytes: Buffer.alloc(0) };
  for (let at = 0; at < source.lengthBytes;) {
    const end = Math.min(at + largestHeaderBytes, source.lengthBytes);
    if (at < ahead.start || end > ahead.start + ahead.bytes.length) {
      const bytes = await source.read(
        at,
        Math.min(found < boxesOfAny ? largestHeaderBytes : aheadBytes, source.lengthBytes - at),
      );
      ahead = { start: at, bytes };
    }
    const header = ahead.bytes.subarray(at - ahead.start, end - ahead.start);
    const box = parseBoxHeader(header, at, source.lengthBytes);
    if (box.type === "moov") return box;
    checkBoxCount(++found);
    at = box.end;
  }
  throw boxMissing("moov", "file");
}
