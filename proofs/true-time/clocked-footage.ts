/** Footage whose pictures bear the instant at which they were taken, as the camera's clock says it. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { cutLikeAnArchive } from "#evidence-service/testing/test-footage.ts";

const run = promisify(execFile);

/** Stripes of 16 pixels, the lowest bit on the left: milliseconds after noon, for two minutes. */
export const CLOCK_BITS = 17;
export const STRIPE_PIXELS = 16;
const WIDTH = CLOCK_BITS * STRIPE_PIXELS;

/** What a camera records without a change. */
export interface Recording {
  /** Of its first picture, milliseconds after noon by its own clock. */
  readonly startMs: number;
  readonly seconds: number;
  readonly framesPerSecond: "5" | "25" | "30000/1001";
  readonly bFrames: number;
  /** What is exported of it: from, to, milliseconds after noon. */
  readonly exported: readonly (readonly [number, number])[];
}

export interface ClockedSegment {
  readonly startMs: number;
  readonly endMs: number;
  readonly bytes: Buffer;
  /** The burnt-in instants of its pictures, milliseconds after noon. */
  readonly pictures: readonly number[];
}

export async function clockedSegments(recordings: readonly Recording[]): Promise<ClockedSegment[]> {
  const folder = await mkdtemp(join(tmpdir(), "evidence-desk-clocked-"));
  try {
    const segments: ClockedSegment[] = [];
    for (const recording of recordings) segments.push(...(await exported(folder, recording)));
    return segments;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Two seconds of another codec, without a clock in its pictures. */
export async function footageOfOtherCodec(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), "evidence-desk-other-codec-"));
  try {
    const file = join(folder, "other.mp4");
    const picture = ["-f", "lavfi", "-i", `testsrc2=s=${WIDTH}x64:r=25:d=2`];
    const coding = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none"];
    await run("ffmpeg", ["-v", "error", "-nostdin", ...picture, ...coding, "-tag:v", "hvc1", file]);
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function exported(folder: string, recording: Recording): Promise<ClockedSegment[]> {
  const { startMs } = recording;
  const file = join(folder, `${startMs}.mp4`);
  const coding = [
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    "-pix_fmt",
    "yuv420p",
    "-bf",
    String(recording.bFrames),
  ];
  const keyframes = ["-g", "50", "-keyint_min", "50", "-sc_threshold", "0", "-x264-params", "b-adapt=0"];
  await run("ffmpeg", [
    "-v",
    "error",
    "-nostdin",
    "-f",
    "lavfi",
    "-i",
    pictures(recording),
    ...coding,
    ...keyframes,
    file,
  ]);
  const all = instantsOf(recording);
  const segments: ClockedSegment[] = [];
  for (const [from, to] of recording.exported) {
    const bytes = await cutLikeAnArchive(file, (from - startMs) / 1_000, (to - startMs) / 1_000);
    const shown = all.filter((instantMs) => instantMs >= from && instantMs < to);
    segments.push({ startMs: from, endMs: to, bytes, pictures: shown.map(Math.round) });
  }
  return segments;
}

function instantsOf({ startMs, seconds, framesPerSecond }: Recording): number[] {
  const [count = 1, ofSeconds = 1] = framesPerSecond.split("/").map(Number);
  const frames = Math.ceil((seconds * count) / ofSeconds);
  return Array.from({ length: frames }, (_, index) => startMs + (index * 1_000 * ofSeconds) / count);
}

function pictures({ startMs, seconds, framesPerSecond }: Recording): string {
  const instant = `floor(${startMs}+N*1000/(${framesPerSecond})+0.5)`;
  const bit = `mod(floor(${instant}/pow(2,floor(X/${STRIPE_PIXELS}))),2)`;
  const source = `color=s=${WIDTH}x2:r=${framesPerSecond}:d=${seconds}`;
  return `${source},geq=lum='16+${bit}*200':cb=128:cr=128,scale=${WIDTH}:64:flags=neighbor,setsar=1`;
}
