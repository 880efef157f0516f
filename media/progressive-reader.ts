import { checkBoxCount, findChild, missing, parseBoxHeader, type Box } from "./box-reader.ts";
import type { ByteSource } from "./byte-source.ts";
import { readEdits } from "./edit-list.ts";
import { readBoxHeader } from "./fragmented-reader.ts";
import { MediaError } from "./media-error.ts";
import type { SampleColumns } from "./sample-columns.ts";
import { readSamples } from "./sample-table-reader.ts";
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
  /** Tables of tracks for which this is false are not read; default: of all. */
  readonly isWanted?: (track: Track) => boolean;
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
  { limits = mostOfAny, isWanted = () => true }: ReadOptions = {},
): Promise<ProgressiveTrack[]> {
  const box = await findMovie(source);
  if (box.end - box.start > limits.movieBytes)
    throw new MediaError("OUT_OF_RANGE", "The 'moov' is absurdly large.");
  const bytes = await source.read(box.start, box.end - box.start);
  const moov = parseBoxHeader(bytes.subarray(0, 16), 0, bytes.length);
  if (findChild(bytes, moov, "mvex")) throw new MediaError("UNSUPPORTED", "The file is fragmented.");
  const movieTimescale = readMovieTimescale(bytes, moov);
  const wanted = readTracks(bytes, moov).filter(({ track }) => isWanted(track));
  let samplesLeft = limits.samples;
  return wanted.map(({ track, trak, sampleTable }) => {
    const samples = readSamples(bytes, sampleTable, source.lengthBytes, samplesLeft);
    samplesLeft -= samples.length;
    return { track, samples, edits: readEdits(bytes, trak, track.timescale, movieTimescale) };
  });
}

async function findMovie(source: ByteSource): Promise<Box> {
  let found = 0;
  for (let at = 0; at < source.lengthBytes;) {
    const box = await readBoxHeader(source, at);
    if (box.type === "moov") return box;
    checkBoxCount(++found);
    at = box.end;
  }
  throw missing("moov", "file");
}
