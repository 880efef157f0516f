import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A folder under the system's own for temporary files; removed by `removeFolder`. */
export function makeFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "evidence-desk-media-"));
}

export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

/** Runs ffmpeg; rejects on any line it logs as an error, as its exit code 0 is not success. Gives its output. */
export async function ffmpeg(...options: string[]): Promise<string> {
  const { stdout, stderr } = await run("ffmpeg", ["-v", "error", "-nostdin", "-y", ...options]);
  if (stderr !== "") throw new Error(`ffmpeg: ${stderr}`);
  return stdout;
}

/** What ffprobe says, as JSON; rejects on any error it logs. */
export async function ffprobe<Answer>(...options: string[]): Promise<Answer> {
  const { stdout, stderr } = await run("ffprobe", ["-v", "error", "-of", "json", ...options]);
  if (stderr !== "") throw new Error(`ffprobe: ${stderr}`);
  return JSON.parse(stdout) as Answer;
}

export interface Recording {
  init: Buffer;
  mediaSegments: Buffer[];
  /** All of it as one fragmented file. */
  joinedPath: string;
}

const x264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "25"];
const x265 = ["-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "25", "-tag:v", "hvc1"];

/** Encoder options of each kind of picture stream that is tested; a key frame every second. */
export const pictureOptions = {
  plain: [...x264, "-bf", "0"],
  bFrames: [...x264, "-bf", "2", "-x264-params", "b-adapt=0"],
  // Its GOPs are open: pictures follow a key frame that are shown before it.
  hevc: [...x265, "-x265-params", "bframes=2:b-adapt=0:log-level=none"],
} as const;

/** 6 s of a tone that never repeats, so that a shift in time shows. */
const risingTone = "aevalsrc=0.5*sin(2*PI*(200+300*t)*t):d=6:s=44100";

/** 6 s of moving pictures of 160x120, no two alike. */
const testPictures = ["-f", "lavfi", "-i", "testsrc=s=160x120:r=25:d=6"];

/**
 * Records 6 s at 25 frames a second in media segments of 2 s, as a recorder does. Composition offsets are unsigned, or
 * `negativeOffsets`.
 */
export async function record(
  folder: string,
  kind: keyof typeof pictureOptions,
  options: { sound?: boolean; negativeOffsets?: boolean } = {},
): Promise<Recording> {
  const sound = options.sound ? ["-f", "lavfi", "-i", risingTone, "-c:a", "aac"] : [];
  const flags = options.negativeOffsets ? ["-hls_segment_options", "movflags=+negative_cts_offsets"] : [];
  const name = `${kind}-${JSON.stringify(options).replaceAll(/\W/g, "")}`;
  const hls = ["-f", "hls", "-hls_time", "2", "-hls_segment_type", "fmp4", "-hls_list_size", "0", ...flags];
  const files = [
    "-hls_fmp4_init_filename",
    `${name}.mp4`,
    "-hls_segment_filename",
    join(folder, `${name}-%d.m4s`),
  ];
  const encoded = [...testPictures, ...sound, ...pictureOptions[kind]];
  await ffmpeg(...encoded, ...hls, ...files, join(folder, `${name}.m3u8`));
  const init = await readFile(join(folder, `${name}.mp4`));
  const names = (await readdir(folder)).filter(
    (file) => file.endsWith(".m4s") && file.startsWith(`${name}-`),
  );
  const mediaSegments = await Promise.all(names.toSorted().map((file) => readFile(join(folder, file))));
  const joinedPath = join(folder, `${name}-joined.mp4`);
  await writeFile(joinedPath, Buffer.concat([init, ...mediaSegments]));
  return { init, mediaSegments, joinedPath };
}

/** MD5 of the packets of one kind, in file order, whatever the edit list says. */
export async function packets(path: string, stream: "v" | "a" = "v"): Promise<string[]> {
  const show = ["-select_streams", `${stream}:0`, "-show_packets", "-show_data_hash", "md5"];
  const answer = await ffprobe<{ packets: { data_hash: string }[] }>("-ignore_editlist", "1", ...show, path);
  return answer.packets.map((packet) => packet.data_hash);
}

/** MD5 of each shown picture (after decoding, as the edit list asks), in the order of showing. */
export async function shownPictures(path: string): Promise<string[]> {
  const lines = await ffmpeg("-i", path, "-map", "0:v", "-fps_mode", "passthrough", "-f", "framemd5", "-");
  const rows = lines.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return rows.map((row) => row.slice(row.lastIndexOf(",") + 1).trim());
}
