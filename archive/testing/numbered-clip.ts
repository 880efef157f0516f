import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { testFfmpeg } from "./ffmpeg-of-tests.ts";

/** Frames last this long, milliseconds. */
export const FRAME_MS = 100;

/** Numbers begin anew with each minute. */
const FRAMES_A_MINUTE = 600;

const BITS = 10;
const BLOCK = 8;
const WIDTH = 96;
const HEIGHT = 32;

const run = promisify(execFile);

/** Groups that can be decoded alone, or whose first B-frames, shown before the key frame, need the group before. */
export type Groups = "closed" | "open";

const GROUPS: Readonly<Record<Groups, readonly string[]>> = {
  closed: ["-bf", "0", "-g", "10", "-keyint_min", "10"],
  // The last two of twelve are B-frames, for which the next key frame is needed.
  open: ["-bf", "2", "-b_strategy", "0", "-x264-params", "open-gop=1", "-g", "12", "-keyint_min", "12"],
};

/** Makes a loop in the folder whose frames carry their number within the minute, as blocks of black and white. */
export async function makeNumberedClip(
  dir: string,
  groups: Groups = "closed",
): Promise<{ kind: "loop"; file: string }> {
  const blocks = Array.from({ length: BITS }, (_unused, bit) => {
    const box = `drawbox=x=${bit * BLOCK}:y=0:w=${BLOCK}:h=${HEIGHT}:color=white:t=fill`;
    return `${box}:enable='mod(floor(n/${2 ** bit}),2)'`;
  });
  const source = `color=c=black:s=${WIDTH}x${HEIGHT}:r=${1000 / FRAME_MS}:d=60`;
  const coding = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", "-pix_fmt", "yuv420p"];
  const keyframes = ["-sc_threshold", "0"];
  const input = ["-v", "error", "-f", "lavfi", "-i", source, "-vf", blocks.join(",")];
  await run(testFfmpeg(), [...input, ...coding, ...GROUPS[groups], ...keyframes, join(dir, "numbered.mp4")]);
  return { kind: "loop", file: "numbered.mp4" };
}

/** The number that a frame of an instant carries. */
export const numberAt = (utcMs: number): number => Math.round(utcMs / FRAME_MS) % FRAMES_A_MINUTE;

export interface ShownFrame {
  readonly number: number;
  /** From the start of the file's presentation, milliseconds. */
  readonly atMs: number;
}

/** All frames that a player shows of an MP4 file. @param path where the file may be put */
export async function shownFrames(bytes: Buffer, path: string): Promise<ShownFrame[]> {
  await writeFile(path, bytes);
  const decoding = [
    "-v",
    "error",
    "-i",
    path,
    "-fps_mode",
    "passthrough",
    "-f",
    "rawvideo",
    "-pix_fmt",
    "gray",
    "pipe:1",
  ];
  const decoded = await run(testFfmpeg(), decoding, { encoding: "buffer", maxBuffer: 2 ** 30 });
  const probing = ["-v", "error", "-show_entries", "frame=pts_time", "-of", "csv=p=0", path];
  const { stdout } = await run("ffprobe", probing);
  const size = WIDTH * HEIGHT;
  return stdout
    .trim()
    .split(/\s+/)
    .map((line, frame) => ({
      number: readNumber(decoded.stdout.subarray(frame * size, (frame + 1) * size)),
      atMs: Number.parseFloat(line) * 1000,
    }));
}

function readNumber(gray: Buffer): number {
  let number = 0;
  for (let bit = 0; bit < BITS; bit++) {
    const middle = gray[(HEIGHT / 2) * WIDTH + bit * BLOCK + BLOCK / 2] ?? 0;
    if (middle > 127) number += 2 ** bit;
  }
  return number;
}
