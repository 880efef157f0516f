import { spawn } from "node:child_process";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import pLimit from "p-limit";
import { ArchiveFailure } from "../archive-failure.ts";
import { initFile, segmentFile, thumbnailFolder } from "../archive-folder.ts";
import type { FootageIndex, SegmentRow } from "../index/footage-index.ts";
import { unpackSamples } from "../index/sample-table.ts";
import { instantUs } from "../index/session-clock.ts";
import { locateFfmpeg } from "../recorder/ffmpeg-location.ts";

/** Pictures decoded at the same time. */
const DECODERS = 2;
const LONGEST_DECODING_MS = 10_000;
const WIDTH = 320;

/** Pictures of single frames, made once and kept on disk beside the footage they show. */
export interface Thumbnails {
  /**
   * The frame shown at an instant, as JPEG.
   * @throws ArchiveFailure NO_FOOTAGE, FOOTAGE_LOST, FFMPEG_MISSING, INTERNAL
   */
  at(cameraId: string, atUtcMs: number): Promise<Buffer>;
}

export function thumbnails(dir: string, index: FootageIndex): Thumbnails {
  const limit = pLimit(DECODERS);
  const beingMade = new Map<string, Promise<Buffer>>();
  return {
    async at(cameraId, atUtcMs) {
      const row = index.segments(cameraId, { startUtcMs: atUtcMs, endUtcMs: atUtcMs + 1 })[0];
      if (row === undefined)
        throw new ArchiveFailure("NO_FOOTAGE", "The archive holds no picture of that instant.");
      const frame = frameAt(index, cameraId, row, atUtcMs * 1000);
      const path = join(thumbnailFolder(dir, cameraId, row.sessionName), `${row.number}-${frame}.jpg`);
      const kept = await readFile(path).catch(() => null);
      if (kept !== null) return kept;
      const making = beingMade.get(path) ?? limit(() => makePicture(dir, cameraId, row, frame, path));
      beingMade.set(path, making);
      return making.finally(() => beingMade.delete(path));
    },
  };
}

async function makePicture(
  dir: string,
  cameraId: string,
  row: SegmentRow,
  frame: number,
  path: string,
): Promise<Buffer> {
  const picture = await decodeFrame(dir, cameraId, row, frame);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.part`, picture);
  await rename(`${path}.part`, path);
  return picture;
}

/** Number within its segment, in order of presentation, of the frame shown at an instant. */
function frameAt(index: FootageIndex, cameraId: string, row: SegmentRow, atUs: number): number {
  const session = index.session(cameraId, row.sessionName);
  if (session === undefined) return 0;
  const { firstDecodeTicks, samples } = unpackSamples(index.samples(row.id));
  let decodeTicks = firstDecodeTicks;
  let begun = 0;
  for (const sample of samples) {
    if (instantUs(session, decodeTicks + sample.compositionOffsetTicks) <= atUs) begun++;
    decodeTicks += sample.durationTicks;
  }
  return Math.max(0, begun - 1);
}

async function decodeFrame(dir: string, cameraId: string, row: SegmentRow, frame: number): Promise<Buffer> {
  const ffmpeg = locateFfmpeg();
  if (ffmpeg === null) {
    throw new ArchiveFailure("FFMPEG_MISSING", "ffmpeg was not found, so no still pictures can be made.");
  }
  const parts = [
    initFile(dir, cameraId, row.sessionName),
    segmentFile(dir, cameraId, row.sessionName, row.number),
  ];
  const bytes = await Promise.all(parts.map((path) => readFile(path))).catch(() => {
    throw new ArchiveFailure("FOOTAGE_LOST", "A file of this footage is missing from the archive.");
  });
  const parameters = [
    ...["-hide_banner", "-loglevel", "error", "-f", "mp4", "-i", "pipe:0"],
    ...["-vf", `select=eq(n\\,${frame}),scale=${WIDTH}:-2`, "-frames:v", "1"],
    ...["-f", "image2pipe", "-c:v", "mjpeg", "-q:v", "4", "pipe:1"],
  ];
  const picture = await pipeThrough(ffmpeg, parameters, Buffer.concat(bytes));
  if (picture.length === 0) throw new ArchiveFailure("INTERNAL", "The picture could not be decoded.");
  return picture;
}

/** Runs a program on bytes and collects what it writes; what it says about itself is judged by the result. */
function pipeThrough(program: string, parameters: string[], input: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, {
      stdio: ["pipe", "pipe", "ignore"],
      timeout: LONGEST_DECODING_MS,
    });
    const output: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    child.once("error", reject);
    child.once("close", () => resolve(Buffer.concat(output)));
    // ffmpeg stops reading once it has its frame, which breaks the pipe.
    child.stdin.on("error", () => child.stdin.destroy());
    child.stdin.end(input);
  });
}
