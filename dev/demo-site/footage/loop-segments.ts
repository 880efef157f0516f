import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { INIT_FILE } from "#archive/archive-folder.ts";
import { packSamples, type SegmentSamples } from "#archive/index/sample-table.ts";
import { readSegmentSamples, readSessionMedia, type SessionMedia } from "#archive/index/recorded-segment.ts";
import { recorderArguments, SEGMENT_SECONDS } from "#archive/recorder/recorder-command.ts";
import { LOOP_SECONDS } from "./loop-clip.ts";

/** Length of the recorder's segments; demo footage begins and ends on this grid. */
export const SEGMENT_MS = SEGMENT_SECONDS * 1000;

/** Older footage is in longer segments: tens of thousands of small files take long to make on a busy disk. */
export const LONG_SEGMENT_MS = 20_000;

const LOOP_MS = LOOP_SECONDS * 1000;

/** One recorded piece of a loop, from which pieces at any instant are made. */
export interface LoopSegment {
  readonly bytes: Buffer;
  readonly frames: SegmentSamples;
  readonly packedSamples: Buffer;
  readonly lengthMs: number;
}

/** A loop as the recorder would write it. */
export interface LoopSegments {
  readonly init: Buffer;
  readonly media: SessionMedia;
  /** Those of 4 s, in order of the minute, and those of 20 s. */
  readonly short: readonly LoopSegment[];
  readonly long: readonly LoopSegment[];
}

/** Cuts a loop clip with the recorder's own flags, as fast as ffmpeg can. */
export async function cutLoop(ffmpegPath: string, clipFile: string): Promise<LoopSegments> {
  const short = await cut(ffmpegPath, clipFile, SEGMENT_MS);
  const long = await cut(ffmpegPath, clipFile, LONG_SEGMENT_MS);
  return { init: short.init, media: short.media, short: short.segments, long: long.segments };
}

/** The piece that begins at an instant: a long one where allowed and in step with the minute. */
export function pieceAt(loop: LoopSegments, startUtcMs: number, longUntilUtcMs: number): LoopSegment {
  const isLong = startUtcMs % LONG_SEGMENT_MS === 0 && startUtcMs + LONG_SEGMENT_MS <= longUntilUtcMs;
  const [pieces, lengthMs] = isLong ? [loop.long, LONG_SEGMENT_MS] : [loop.short, SEGMENT_MS];
  const piece = pieces[(startUtcMs % LOOP_MS) / lengthMs];
  if (piece === undefined) throw new RangeError(`No piece of the loop begins at ${startUtcMs}.`);
  return piece;
}

async function cut(ffmpegPath: string, clipFile: string, lengthMs: number) {
  const folder = await mkdtemp(join(tmpdir(), "evidence-desk-loop-"));
  try {
    const recording = recorderArguments({ kind: "loop", file: clipFile }, folder);
    // All but the paced input: the clip itself, read once, without waiting for the clock.
    const output = recording.slice(recording.indexOf("-map"));
    output[output.indexOf("-hls_time") + 1] = String(lengthMs / 1000);
    const input = ["-hide_banner", "-nostdin", "-loglevel", "error", "-i", clipFile];
    await promisify(execFile)(ffmpegPath, [...input, ...output]);
    const names = (await readdir(folder)).filter((name) => name.endsWith(".m4s")).sort();
    const init = await readFile(join(folder, INIT_FILE));
    const media = readSessionMedia(init);
    const files = await Promise.all(names.map((name) => readFile(join(folder, name))));
    return { init, media, segments: files.map((bytes) => describe(media, bytes, lengthMs)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function describe(media: SessionMedia, bytes: Buffer, lengthMs: number): LoopSegment {
  const frames = readSegmentSamples(media, bytes);
  return { bytes, frames, packedSamples: packSamples(frames), lengthMs };
}
