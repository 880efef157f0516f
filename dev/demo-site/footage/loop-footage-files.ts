import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { INIT_FILE } from "#archive/ground/archive-folder.ts";
import { packSamples, type TrackSamples } from "#archive/index/sample-table.ts";
import {
  readPictureSamples,
  readSessionMedia,
  type SessionMedia,
} from "#archive/index/recorded-footage-file.ts";
import { FILE_SECONDS } from "#archive/recorder/recorder-command.ts";
import { LOOP_SECONDS } from "./loop-clip.ts";

/** Length of the recorder's footage files; demo footage begins and ends on this grid. */
export const FILE_MS = FILE_SECONDS * 1000;

/** Older footage is in longer files: tens of thousands of small files take long to make on a busy disk. */
export const LONG_FILE_MS = 20_000;

const LOOP_MS = LOOP_SECONDS * 1000;

/** One recorded piece of a loop, from which pieces at any instant are made. */
export interface LoopFile {
  readonly bytes: Buffer;
  readonly frames: TrackSamples;
  readonly packedSamples: Buffer;
  readonly lengthMs: number;
}

/** A loop as the recorder would write it. */
export interface LoopFiles {
  readonly init: Buffer;
  readonly media: SessionMedia;
  /** Those of 4 s, in order of the minute, and those of 20 s. */
  readonly short: readonly LoopFile[];
  readonly long: readonly LoopFile[];
}

/** Cuts a loop clip into pieces such as are recorded, as fast as ffmpeg can. */
export async function cutLoop(ffmpegPath: string, clipFile: string): Promise<LoopFiles> {
  const short = await cut(ffmpegPath, clipFile, FILE_MS);
  const long = await cut(ffmpegPath, clipFile, LONG_FILE_MS);
  return { init: short.init, media: short.media, short: short.footageFiles, long: long.footageFiles };
}

/** The piece that begins at an instant: a long one where allowed and in step with the minute. */
export function pieceAt(loop: LoopFiles, startUtcMs: number, longUntilUtcMs: number): LoopFile {
  const isLong = startUtcMs % LONG_FILE_MS === 0 && startUtcMs + LONG_FILE_MS <= longUntilUtcMs;
  const [pieces, lengthMs] = isLong ? [loop.long, LONG_FILE_MS] : [loop.short, FILE_MS];
  const piece = pieces[(startUtcMs % LOOP_MS) / lengthMs];
  if (piece === undefined) throw new RangeError(`No piece of the loop begins at ${startUtcMs}.`);
  return piece;
}

const hlsArguments = (folder: string, lengthMs: number): string[] => [
  ...["-map", "0:v:0", "-c", "copy", "-f", "hls"],
  ...["-hls_time", String(lengthMs / 1000), "-hls_segment_type", "fmp4"],
  ...["-hls_flags", "independent_segments", "-hls_fmp4_init_filename", INIT_FILE],
  ...["-hls_segment_filename", join(folder, "%05d.m4s"), join(folder, "list.m3u8")],
];

async function cut(ffmpegPath: string, clipFile: string, lengthMs: number) {
  const folder = await mkdtemp(join(tmpdir(), "evidence-desk-loop-"));
  try {
    const input = ["-hide_banner", "-nostdin", "-loglevel", "error", "-i", clipFile];
    await promisify(execFile)(ffmpegPath, [...input, ...hlsArguments(folder, lengthMs)]);
    const names = (await readdir(folder)).filter((name) => name.endsWith(".m4s")).sort();
    const init = await readFile(join(folder, INIT_FILE));
    const media = readSessionMedia(init);
    const files = await Promise.all(names.map((name) => readFile(join(folder, name))));
    return { init, media, footageFiles: files.map((bytes) => describe(media, bytes, lengthMs)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function describe(media: SessionMedia, bytes: Buffer, lengthMs: number): LoopFile {
  const frames = readPictureSamples(media, bytes);
  return { bytes, frames, packedSamples: packSamples(frames), lengthMs };
}
