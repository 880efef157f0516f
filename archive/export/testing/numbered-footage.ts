import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { INIT_FILE, sessionFolder } from "../../ground/archive-folder.ts";
import { writeSessionFile } from "../../index/session-indexer.ts";

const run = promisify(execFile);

export const CAMERA = "door";
const FPS = 25;

/** Stripes of 16 pixels, the lowest bit of the picture's number on the left. */
export const NUMBER_BITS = 12;
export const NUMBERED_SIZE = { width: 192, height: 64 } as const;

const x264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"];
const x265 = ["-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-tag:v", "hvc1"];
const gop = (frames: number): string[] => ["-g", String(frames), "-keyint_min", String(frames)];

/** Encoder options of each kind of footage. */
export const ENCODINGS = {
  shortGop: [...x264, ...gop(12), "-bf", "0"],
  plain: [...x264, ...gop(50), "-bf", "0"],
  longGop: [...x264, ...gop(250), "-bf", "0"],
  bFrames: [...x264, ...gop(50), "-bf", "3", "-x264-params", "b-adapt=0"],
  hevc: [...x265, ...gop(50), "-x265-params", "bframes=2:b-adapt=0:open-gop=0:log-level=none"],
  // As the recorder names H.265: the parameter sets may stand in the samples, and do not.
  hev1: [...x265, ...gop(50), "-x265-params", "bframes=0:open-gop=0:log-level=none", "-tag:v", "hev1"],
  // Pictures follow a key frame that are shown before it.
  openGop: [...x265, ...gop(50), "-x265-params", "bframes=2:b-adapt=0:log-level=none"],
} as const;

export interface NumberedSession {
  readonly startUtcMs: number;
  /** The first picture is taken by so much later than the start: no clock of a camera keeps to milliseconds. */
  readonly lateUs?: number;
  readonly encoding: keyof typeof ENCODINGS;
  readonly seconds: number;
  /** Number of the first picture. */
  readonly firstNumber: number;
  /** The picture is scaled up by this. */
  readonly scale?: 1 | 2;
  readonly sound?: "aac" | "libopus";
  /** Usual length of the footage files. */
  readonly fileSeconds?: number;
  /** Pictures come unevenly, as from a network camera that drops some. */
  readonly uneven?: boolean;
}

/** A picture that was recorded: its number, and when it was taken. */
export interface RecordedPicture {
  readonly number: number;
  readonly instantUs: number;
}

export interface RecordedTruth {
  readonly pictures: readonly RecordedPicture[];
  /** MD5 of the packets of picture and sound, in the order of the files. */
  readonly pictureHashes: readonly string[];
  readonly soundHashes: readonly string[];
}

/** Records a session as the recorder would, and says what was recorded, as ffprobe sees it. */
export async function recordNumbered(dir: string, session: NumberedSession): Promise<RecordedTruth> {
  const folder = sessionFolder(dir, CAMERA, String(session.startUtcMs).padStart(13, "0"));
  await mkdir(folder, { recursive: true });
  const sound = session.sound === undefined ? [] : ["-i", risingTone(session.seconds)];
  const inputs = ["-f", "lavfi", "-i", pictures(session), ...sound.flatMap(asLavfi)];
  const codecs = [...ENCODINGS[session.encoding], ...(session.sound ? ["-c:a", session.sound] : [])];
  const timing = session.uneven === true ? ["-fps_mode", "vfr", "-enc_time_base", "1:90000"] : [];
  const hls = [
    "-f",
    "hls",
    "-hls_time",
    String(session.fileSeconds ?? 4),
    "-hls_list_size",
    "0",
    "-hls_segment_type",
    "fmp4",
  ];
  const files = ["-hls_fmp4_init_filename", INIT_FILE, "-hls_segment_filename", join(folder, "%05d.m4s")];
  const list = join(folder, "list.m3u8");
  await run("ffmpeg", [
    "-v",
    "error",
    "-nostdin",
    "-y",
    ...inputs,
    ...codecs,
    ...timing,
    ...hls,
    ...files,
    list,
  ]);
  writeSessionFile(folder, { startUs: startUs(session), baseTime: null });
  return readTruth(folder, session);
}

function startUs({ startUtcMs, lateUs = 0 }: NumberedSession): number {
  return startUtcMs * 1000 + lateUs;
}

/** Every input of ffmpeg's own generator needs to be told so. */
function asLavfi(word: string): string[] {
  return word === "-i" ? ["-f", "lavfi", "-i"] : [word];
}

const risingTone = (seconds: number): string => `aevalsrc=0.5*sin(2*PI*(200+300*t)*t):d=${seconds}:s=48000`;

function pictures({ seconds, firstNumber, scale = 1, uneven = false }: NumberedSession): string {
  const { width, height } = NUMBERED_SIZE;
  const bit = `mod(floor((N+${firstNumber})/pow(2,floor(X/16))),2)`;
  const stripes = `color=s=${width}x${height}:r=${FPS}:d=${seconds},geq=lum='16+${bit}*200':cb=128:cr=128`;
  const larger = `scale=${width * scale}:${height * scale}:flags=neighbor`;
  // Each third picture a little late, as measured in milliseconds; a time scale of 90 kHz holds them exactly.
  const late = uneven ? ",settb=1/90000,setpts='N*3600+mod(N,3)*900+gt(N,120)*9000'" : "";
  return `${stripes},${larger}${late}`;
}

interface Packets {
  readonly packets: readonly { readonly codec_type: string; readonly data_hash: string }[];
}

async function readTruth(folder: string, session: NumberedSession): Promise<RecordedTruth> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".m4s")).toSorted();
  const parts = [INIT_FILE, ...names].map((name) => readFile(join(folder, name)));
  const joined = join(folder, "joined.mp4");
  await writeFile(joined, Buffer.concat(await Promise.all(parts)));
  const { packets } = await probe<Packets>("-show_packets", "-show_data_hash", "md5", joined);
  const hashes = (type: string) =>
    packets.filter((packet) => packet.codec_type === type).map((packet) => packet.data_hash);
  return {
    pictures: numberPictures(await pictureTimes(joined), session),
    pictureHashes: hashes("video"),
    soundHashes: hashes("audio"),
  };
}

/** Presentation times of all pictures, in ticks of their scale, and that scale. */
async function pictureTimes(path: string): Promise<{ ticks: number[]; timeScale: number }> {
  const entries = "packet=pts:stream=time_base";
  const found = await probe<{ packets: { pts: number }[]; streams: { time_base: string }[] }>(
    ...["-ignore_editlist", "1", "-select_streams", "v:0", "-show_entries", entries, path],
  );
  const ticks = found.packets.map(({ pts }) => pts).toSorted((a, b) => a - b);
  return { ticks, timeScale: Number(found.streams[0]?.time_base.split("/")[1]) };
}

function numberPictures(
  { ticks, timeScale }: { ticks: number[]; timeScale: number },
  session: NumberedSession,
): RecordedPicture[] {
  const first = ticks[0] ?? 0;
  return ticks.map((at, index) => ({
    number: session.firstNumber + index,
    instantUs: startUs(session) + Math.round(((at - first) * 1_000_000) / timeScale),
  }));
}

/** What ffprobe says, as JSON. Rejects on any error it logs, as its exit code 0 is not success. */
export async function probe<Answer>(...options: string[]): Promise<Answer> {
  const { stdout, stderr } = await run("ffprobe", ["-v", "error", "-of", "json", ...options], {
    maxBuffer: 1 << 28,
  });
  if (stderr !== "") throw new Error(`ffprobe: ${stderr}`);
  return JSON.parse(stdout) as Answer;
}
