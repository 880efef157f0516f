import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { INIT_FILE } from "#archive/archive-folder.ts";
import { packSamples, type SegmentSamples } from "#archive/index/sample-table.ts";
import { readSegmentSamples, readSessionMedia, type SessionMedia } from "#archive/index/recorded-segment.ts";
import { recorderArguments, SEGMENT_SECONDS } from "#archive/recorder/recorder-command.ts";

export const SEGMENT_MS = SEGMENT_SECONDS * 1000;

/** One recorded piece of a loop, from which pieces at any instant are made. */
export interface LoopSegment {
  readonly bytes: Buffer;
  readonly frames: SegmentSamples;
  readonly packedSamples: Buffer;
  readonly frameCount: number;
}

/** A loop as the recorder would write it: one minute in segments of 4 s. */
export interface LoopSegments {
  readonly init: Buffer;
  readonly media: SessionMedia;
  /** In order of the minute. */
  readonly segments: readonly LoopSegment[];
}

/** Cuts a loop clip with the recorder's own flags, as fast as ffmpeg can. */
export async function cutLoop(ffmpegPath: string, clipFile: string): Promise<LoopSegments> {
  const folder = await mkdtemp(join(tmpdir(), "evidence-desk-loop-"));
  try {
    const recording = recorderArguments({ kind: "loop", file: clipFile }, folder);
    // All but the paced input: the clip itself, read once, without waiting for the clock.
    const output = recording.slice(recording.indexOf("-map"));
    await promisify(execFile)(ffmpegPath, [
      "-hide_banner",
      "-nostdin",
      "-loglevel",
      "error",
      "-i",
      clipFile,
      ...output,
    ]);
    const names = (await readdir(folder)).filter((name) => name.endsWith(".m4s")).sort();
    const init = await readFile(join(folder, INIT_FILE));
    const media = readSessionMedia(init);
    const files = await Promise.all(names.map((name) => readFile(join(folder, name))));
    return { init, media, segments: files.map((bytes) => describe(media, bytes)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function describe(media: SessionMedia, bytes: Buffer): LoopSegment {
  const frames = readSegmentSamples(media, bytes);
  return { bytes, frames, packedSamples: packSamples(frames), frameCount: frames.samples.length };
}
