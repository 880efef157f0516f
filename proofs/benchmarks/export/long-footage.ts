import { execFile } from "node:child_process";
import { linkSync, mkdirSync, writeFileSync } from "node:fs";
import { mkdir, readdir, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { INIT_FILE, footageFilePath, sessionFolder, sessionName } from "#archive/ground/archive-folder.ts";
import { footageIndex, type FootageIndex } from "#archive/index/footage-index.ts";
import { openIndex } from "#archive/index/open-index.ts";
import { withFirstDecodeTicks } from "#archive/index/sample-table.ts";
import { writeSessionFile } from "#archive/index/session-indexer.ts";
import { storeCamera, storeStopped } from "#archive/recorder/camera-fleet.ts";
import { locateFfmpeg } from "#archive/recorder/ffmpeg-location.ts";
import { cutLoop, FILE_MS, type LoopFiles } from "#dev/demo-site/footage/loop-footage-files.ts";
import { isThere } from "#runtime/files/missing-file.ts";
import { pastSessions, writePastSession } from "#dev/demo-site/footage/past-footage.ts";

export const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const GIGABYTE = 1e9;

/** A day of 4 Mbit/s, and what is left free beside it. */
const DAY_GIGABYTES = 44;
const LEFT_FREE_GIGABYTES = 25;
const LESS_HOURS = 6;

/** Files of their own, as a recorder leaves them. */
export const COPIED_CAMERA = "copied";
/** A day whose footage files are one hour's, under 24 names each: for memory, where the disk has no room. */
export const LINKED_CAMERA = "linked";
export const LINKED_HOURS = 24;

export interface LongFootage {
  readonly dir: string;
  /** How much there is of the copied camera. */
  readonly hours: number;
  readonly endUtcMs: number;
}

/** Makes the footage, or finds it where an earlier run was told to keep it. */
export async function longFootage(): Promise<LongFootage> {
  const hours = Number(process.env["EVIDENCE_DESK_BENCH_HOURS"] ?? (await fittingHours()));
  const dir = join(tmpdir(), `evidence-desk-bench-export-${hours}h`);
  const endUtcMs = Date.UTC(2026, 10, 23);
  const finished = join(dir, "finished");
  if (await isThere(finished)) return { dir, hours, endUtcMs };
  process.stderr.write(`Making ${hours} h of a 4 Mbit/s camera in ${dir}\n`);
  await mkdir(dir, { recursive: true });
  await make(dir, hours, endUtcMs);
  await writeFile(finished, "");
  return { dir, hours, endUtcMs };
}

async function fittingHours(): Promise<number> {
  const { bavail, bsize } = await statfs(tmpdir());
  return (bavail * bsize) / GIGABYTE >= DAY_GIGABYTES + LEFT_FREE_GIGABYTES ? LINKED_HOURS : LESS_HOURS;
}

async function make(dir: string, hours: number, endUtcMs: number): Promise<void> {
  const ffmpeg = locateFfmpeg() ?? "ffmpeg";
  const clip = join(dir, "minute.mp4");
  await encodeMinute(ffmpeg, clip);
  const loop = await cutLoop(ffmpeg, clip);
  const database = openIndex(dir);
  try {
    const index = footageIndex(database);
    for (const cameraId of [COPIED_CAMERA, LINKED_CAMERA]) {
      const source = { kind: "loop", file: "minute.mp4" } as const;
      storeCamera({ dir, index, cameraId }, { name: cameraId, area: "Bench", source });
      storeStopped({ dir, index, cameraId });
    }
    // Short footage files only, as a recorder writes them.
    for (const session of pastSessions({ pastMs: hours * HOUR_MS, gap: null }, endUtcMs)) {
      writePastSession(dir, index, COPIED_CAMERA, loop, session, 0);
    }
    const files = await firstHour(dir);
    for (const session of pastSessions({ pastMs: LINKED_HOURS * HOUR_MS, gap: null }, endUtcMs)) {
      linkSession(dir, index, loop, session.startUtcMs, files);
    }
  } finally {
    database.close();
  }
}

/** Paths of the copied camera's session folders, oldest first. */
export async function copiedSessions(dir: string): Promise<string[]> {
  const names = (await readdir(join(dir, "footage", COPIED_CAMERA))).filter((name) => /^\d{13}$/.test(name));
  return names.toSorted().map((name) => sessionFolder(dir, COPIED_CAMERA, name));
}

/** The footage files of a session in order. */
export async function footageFilePaths(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".m4s"));
  return names.toSorted().map((name) => join(folder, name));
}

async function firstHour(dir: string): Promise<string[]> {
  const [folder] = await copiedSessions(dir);
  return footageFilePaths(folder ?? "");
}

/** An hour whose files are others' under another name; only its rows in the index are its own. */
function linkSession(
  dir: string,
  index: FootageIndex,
  loop: LoopFiles,
  startUtcMs: number,
  files: readonly string[],
): void {
  const name = sessionName(startUtcMs);
  const { timescale, codec, width, height } = loop.media.track;
  const folder = sessionFolder(dir, LINKED_CAMERA, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, INIT_FILE), loop.init);
  const start = { startUs: startUtcMs * 1000, baseTime: 0 };
  writeSessionFile(folder, start);
  index.inOneStep(() => {
    const clock = { ...start, timeScale: timescale };
    const session = index.addSession({ cameraId: LINKED_CAMERA, name, ...clock, codec, width, height });
    files.forEach((file, number) => {
      linkSync(file, footageFilePath(sessionFolder(dir, LINKED_CAMERA, name), number));
      const piece = loop.short[number % (MINUTE_MS / FILE_MS)];
      if (piece === undefined) throw new Error("The loop has too few pieces.");
      const startUs = start.startUs + number * FILE_MS * 1000;
      const endUs = startUs + FILE_MS * 1000;
      const decodeTicks = ((number * FILE_MS) / 1000) * timescale;
      index.addFootageFile(session, {
        ...{ number, startUs, endUs, arrivalUs: endUs, sizeBytes: piece.bytes.length, holes: [] },
        frameUs: Math.round((FILE_MS * 1000) / piece.frames.samples.length),
        samples: withFirstDecodeTicks(piece.packedSamples, decodeTicks),
      });
    });
  });
}

/** Noise, which does not compress: 4 Mbit/s at 25 pictures a second, a key frame every 2 s, no two pictures alike. */
async function encodeMinute(ffmpeg: string, file: string): Promise<void> {
  const picture = "color=c=gray:s=640x360:r=25:d=60,noise=alls=60:allf=t,format=yuv420p";
  const rate = ["-b:v", "4M", "-maxrate", "4M", "-bufsize", "4M", "-x264-params", "nal-hrd=cbr"];
  const keyFrames = ["-bf", "0", "-g", "50", "-keyint_min", "50", "-sc_threshold", "0"];
  await promisify(execFile)(ffmpeg, [
    ...["-hide_banner", "-nostdin", "-loglevel", "error", "-y", "-f", "lavfi", "-i", picture],
    ...["-frames:v", "1500", "-c:v", "libx264", "-preset", "ultrafast", ...rate, ...keyFrames, file],
  ]);
}
