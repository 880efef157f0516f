import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { testFfmpeg } from "./ffmpeg-of-tests.ts";

interface LoopSource {
  readonly kind: "loop";
  readonly file: string;
}

const run = (parameters: readonly string[]) =>
  promisify(execFile)(testFfmpeg(), ["-v", "error", "-y", ...parameters]);

const PICTURE = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-pix_fmt", "yuv420p"];
const KEYFRAMES = ["-g", "20", "-keyint_min", "20", "-sc_threshold", "0"];

/** Makes a tiny loop in the archive's folder: one minute, 10 frames a second, a keyframe every 2 s. */
export async function makeLoopClip(dir: string): Promise<LoopSource> {
  const source = ["-f", "lavfi", "-i", "testsrc=size=96x64:rate=10", "-t", "60"];
  await run([...source, ...PICTURE, ...KEYFRAMES, join(dir, "loop.mp4")]);
  return { kind: "loop", file: "loop.mp4" };
}

/** The same with a tone in the named codec, in a Matroska file, which holds nearly any. */
export async function makeLoopClipWithSound(dir: string, codec: string): Promise<LoopSource> {
  const file = `loop-${codec}.mkv`;
  const picture = ["-f", "lavfi", "-i", "testsrc=size=96x64:rate=10"];
  const sound = ["-f", "lavfi", "-i", `sine=r=${codec === "pcm_mulaw" ? 8000 : 48000}`];
  await run([...picture, ...sound, "-t", "60", ...PICTURE, ...KEYFRAMES, "-c:a", codec, join(dir, file)]);
  return { kind: "loop", file };
}

/** A clip for a test camera: H.264 in MPEG-TS, parameter sets at each keyframe. Answers its path. */
export async function makeCameraClip(dir: string, size: string, seconds: number): Promise<string> {
  const file = join(dir, `${size}-${seconds}.ts`);
  const source = ["-f", "lavfi", "-i", `testsrc=size=${size}:rate=10`, "-t", String(seconds)];
  await run([...source, ...PICTURE, ...KEYFRAMES, "-f", "mpegts", file]);
  return file;
}

/** A clip for a test camera with a picture that no browser shows. Answers its path. */
export async function makeOddClip(dir: string, encoder: "mjpeg" | "mpeg4"): Promise<string> {
  const file = join(dir, `${encoder}.mkv`);
  const source = ["-f", "lavfi", "-i", "testsrc=size=96x64:rate=10", "-t", "20"];
  await run([...source, "-c:v", encoder, "-pix_fmt", encoder === "mjpeg" ? "yuvj420p" : "yuv420p", file]);
  return file;
}

/** One clip after the other in one file, as a camera sends that is set anew in mid-stream. */
export async function joinClips(dir: string, clips: readonly string[]): Promise<string> {
  const file = join(dir, "joined.ts");
  await run(["-i", `concat:${clips.join("|")}`, "-c", "copy", "-f", "mpegts", file]);
  return file;
}
