/** Real footage for tests: coded by ffmpeg, cut by ffmpeg without coding again, judged by ffprobe. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { bufferSource } from "#media/byte-source.ts";
import { withPictureRatio } from "#media/picture-ratio.ts";
import { readProgressiveFile } from "#media/progressive-reader.ts";
import { planProgressiveFile } from "#media/progressive-writer.ts";
import { readVirtualFile, wholeFile } from "#media/virtual-file.ts";

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 16 << 20;

/** Twelve seconds of a moving picture, 25 frames a second, a keyframe every two seconds. */
export async function makeFootage(folder: string, bFrames: number): Promise<string> {
  const file = join(folder, `footage-${bFrames}.mp4`);
  const picture = ["-f", "lavfi", "-i", "testsrc2=size=192x108:rate=25:duration=12"];
  const coding = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-bf", String(bFrames)];
  const keyframes = ["-g", "50", "-keyint_min", "50", "-sc_threshold", "0"];
  await run("ffmpeg", ["-v", "error", "-y", ...picture, ...coding, ...keyframes, file]);
  return file;
}

/** Copies what is shown from `startS` on; it begins at a keyframe, and an edit list hides the pre-roll. */
export async function cutFootage(file: string, startS: number, durationS: number): Promise<Buffer> {
  const cut = `${file}-${startS}.mp4`;
  const range = ["-ss", String(startS), "-t", String(durationS)];
  await run("ffmpeg", ["-v", "error", "-y", ...range, "-i", file, "-c", "copy", "-map", "0:v", cut]);
  return readFile(cut);
}

/** The shape that a file is to be watched in, as players take it. */
export async function watchedRatio(file: string): Promise<string> {
  const entries = ["-select_streams", "v", "-show_entries", "stream=display_aspect_ratio"];
  const { stdout } = await run("ffprobe", ["-v", "error", ...entries, "-of", "csv=p=0", file]);
  return stdout.trim();
}

/**
 * Cuts as an archive does: every frame composed in [startS, endS) is shown, from the keyframe before
 * the first to the last in decode order everything is there, and nothing after it.
 * @param ratio that was set for the camera
 */
export async function cutLikeAnArchive(
  file: string,
  startS: number,
  endS: number,
  ratio: { readonly width: number; readonly height: number } | null = null,
): Promise<Buffer> {
  const source = bufferSource(await readFile(file));
  const [video] = await readProgressiveFile(source);
  if (video === undefined) throw new Error("ffmpeg made a file without a track.");
  const { track, edits } = video;
  const samples = [...video.samples];
  const origin = edits[0]?.mediaStartTicks ?? 0;
  let at = 0;
  const timed = samples.map((sample) => {
    const decoded = at;
    at += sample.durationTicks;
    return { sample, decoded, shownS: (decoded + sample.compositionOffsetTicks - origin) / track.timescale };
  });
  const isShown = ({ shownS }: { shownS: number }): boolean => shownS >= startS && shownS < endS;
  const firstShown = timed.findIndex(isShown);
  const from = timed.findLastIndex(({ sample }, index) => sample.isSync && index <= firstShown);
  const to = timed.findLastIndex(isShown) + 1;
  const mediaStartTicks = origin + Math.round(startS * track.timescale) - (timed[from]?.decoded ?? 0);
  const shown = { mediaStartTicks, durationTicks: Math.round((endS - startS) * track.timescale) };
  const placed = samples.slice(from, to).map((sample) => ({ ...sample, source: 0 }));
  const watched = ratio === null ? track : withPictureRatio(track, ratio);
  const plan = planProgressiveFile([{ track: watched, samples: placed, edits: [shown] }], {
    createdUtcMs: 0,
  });
  const parts: Buffer[] = [];
  const reading = { openSource: async () => source };
  for await (const part of readVirtualFile(plan, wholeFile(plan), reading)) parts.push(part);
  return Buffer.concat(parts);
}

/** A checksum of every picture shown, in order. */
export async function shownPictures(file: string, filter = "null"): Promise<string[]> {
  const args = ["-v", "error", "-i", file, "-vf", filter, "-fps_mode", "passthrough", "-f", "framemd5", "-"];
  const { stdout } = await run("ffmpeg", args, { maxBuffer: MAX_OUTPUT_BYTES });
  const rows = stdout.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return rows.map((line) => line.split(",").at(-1)?.trim() ?? "");
}

export async function countFrames(file: string): Promise<number> {
  const entries = ["-count_frames", "-select_streams", "v", "-show_entries", "stream=nb_read_frames"];
  const { stdout } = await run("ffprobe", ["-v", "error", ...entries, "-of", "csv=p=0", file]);
  return Number(stdout.trim());
}
