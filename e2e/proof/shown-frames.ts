import { spawn } from "node:child_process";
import { once } from "node:events";
import { FRAME_STRIP } from "#dev/demo-site/footage/frame-strip.ts";

const STRIP_WIDTH = FRAME_STRIP.bits * FRAME_STRIP.blockSize;
const PICTURE_BYTES = STRIP_WIDTH * FRAME_STRIP.blockSize;

/**
 * Decodes a video as a player shows it (edit list honoured) and reads the burnt-in number of every frame.
 * @returns the numbers in the order shown, each that of the frame within its minute
 */
export async function shownFrameNumbers(videoPath: string): Promise<number[]> {
  const crop = `crop=${STRIP_WIDTH}:${FRAME_STRIP.blockSize}:${FRAME_STRIP.x}:${FRAME_STRIP.y}`;
  const output = ["-vf", crop, "-vsync", "passthrough", "-f", "rawvideo", "-pix_fmt", "gray", "-"];
  const ffmpeg = spawn("ffmpeg", ["-v", "error", "-i", videoPath, ...output], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(ffmpeg, "close");
  const numbers: number[] = [];
  let rest = Buffer.alloc(0);
  for await (const chunk of ffmpeg.stdout) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    while (rest.length >= PICTURE_BYTES) {
      numbers.push(numberOf(rest.subarray(0, PICTURE_BYTES)));
      rest = rest.subarray(PICTURE_BYTES);
    }
  }
  const [exitCode] = (await ended) as [number | null];
  if (exitCode !== 0) throw new Error(`ffmpeg cannot decode ${videoPath}.`);
  return numbers;
}

/** White blocks are ones, most significant first; only the middle of a block counts. */
function numberOf(strip: Buffer): number {
  const { bits, blockSize } = FRAME_STRIP;
  let number = 0;
  for (let position = 0; position < bits; position += 1) {
    const middle = (blockSize / 2) * STRIP_WIDTH + position * blockSize + blockSize / 2;
    number = number * 2 + ((strip[middle] ?? 0) > 127 ? 1 : 0);
  }
  return number;
}

/** Frames of the demo cameras in a second and in the minute after which their numbers begin again. */
const FRAMES_PER_SECOND = 10;
const FRAMES_PER_MINUTE = 60 * FRAMES_PER_SECOND;

/** The numbers of all frames that begin in [start, end): what must be shown, no more and no fewer. */
export function expectedFrameNumbers(range: { startUtcMs: number; endUtcMs: number }): number[] {
  const frameMs = 1000 / FRAMES_PER_SECOND;
  const first = Math.ceil(range.startUtcMs / frameMs);
  const end = Math.ceil(range.endUtcMs / frameMs);
  return Array.from({ length: end - first }, (_, index) => (first + index) % FRAMES_PER_MINUTE);
}
