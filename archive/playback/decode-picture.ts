import { spawn } from "node:child_process";
import { ArchiveFailure } from "../ground/archive-failure.ts";
import { locateFfmpeg } from "../recorder/ffmpeg-location.ts";

const LONGEST_DECODING_MS = 10_000;
const WIDTH = 320;
/** The shape in which the picture is watched, in square pixels: browsers do not read the shape of a pixel from a JPEG. */
const AS_WATCHED = `scale=${WIDTH}:'max(2,2*round(${WIDTH}/dar/2))',setsar=1`;

/** One thread each: a picture is decoded sooner than several threads are begun. */
const PARAMETERS = [
  ...["-hide_banner", "-loglevel", "error", "-threads", "1", "-f", "mp4", "-i", "pipe:0"],
  ...["-filter_threads", "1", "-vf", AS_WATCHED, "-frames:v", "1"],
  ...["-f", "image2pipe", "-c:v", "mjpeg", "-threads", "1", "-q:v", "4", "pipe:1"],
];

/**
 * The first picture of an MP4 file, as a small JPEG.
 * @throws ArchiveFailure FFMPEG_MISSING, INTERNAL
 */
export async function decodePicture(file: Buffer): Promise<Buffer> {
  const ffmpeg = locateFfmpeg();
  if (ffmpeg === null) {
    throw new ArchiveFailure("FFMPEG_MISSING", "ffmpeg was not found, so no still pictures can be made.");
  }
  const picture = await pipeThrough(ffmpeg, PARAMETERS, file);
  if (picture.length === 0) throw new ArchiveFailure("INTERNAL", "The picture could not be decoded.");
  return picture;
}

/** Runs a program on bytes and collects what it writes; what it says about itself is judged by the result. */
function pipeThrough(program: string, parameters: readonly string[], input: Buffer): Promise<Buffer> {
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
