import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { footageIndex } from "#archive/index/footage-index.ts";
import { openIndex } from "#archive/index/open-index.ts";
import { storeCamera, storeStopped } from "#archive/recorder/camera-fleet.ts";
import { locateFfmpeg } from "#archive/recorder/ffmpeg-location.ts";
import { cutLoop } from "#dev/demo-site/footage/loop-footage-files.ts";
import { pastSessions, writePastSession } from "#dev/demo-site/footage/past-footage.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The camera with long footage: each of its hours is one segment of an export. */
export const LONG_CAMERA = "long";
export const LONG_HOURS = 12;

/** Many cameras with little footage each. */
export const SHORT_CAMERAS = Array.from({ length: 16 }, (_, index) => `short-${index + 1}`);
export const SHORT_MINUTES = 10;

/** Of the picture's noise, so that an hour is about 200 MB. */
const BITS_PER_SECOND = "470k";

/**
 * Fills an archive's folder with footage of one encoded minute, copied again and again; nothing records.
 * @param options.hours of the long camera; with none of them there is no such camera
 * @returns where all footage ends
 */
export async function makeFootage(dir: string, { hours = LONG_HOURS } = {}): Promise<number> {
  const endUtcMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const ffmpeg = locateFfmpeg() ?? "ffmpeg";
  await mkdir(dir, { recursive: true });
  const clip = join(dir, "minute.mp4");
  await encodeMinute(ffmpeg, clip);
  const loop = await cutLoop(ffmpeg, clip);
  const database = openIndex(dir);
  try {
    const index = footageIndex(database);
    const write = (cameraId: string, pastMs: number) => {
      const source = { kind: "loop", file: "minute.mp4" } as const;
      storeCamera({ dir, index, cameraId }, { name: `Camera ${cameraId}`, area: "Bench", source });
      storeStopped({ dir, index, cameraId });
      for (const session of pastSessions({ pastMs, gap: null }, endUtcMs)) {
        writePastSession(dir, index, cameraId, loop, session, endUtcMs);
      }
    };
    if (hours > 0) write(LONG_CAMERA, hours * HOUR_MS);
    for (const cameraId of SHORT_CAMERAS) write(cameraId, SHORT_MINUTES * MINUTE_MS);
  } finally {
    database.close();
  }
  return endUtcMs;
}

/** Noise, which does not compress: the bytes are as many as asked for, and no two pictures alike. */
async function encodeMinute(ffmpeg: string, file: string): Promise<void> {
  const picture = "color=c=gray:s=320x180:r=10:d=60,noise=alls=60:allf=t,format=yuv420p";
  const rate = ["-b:v", BITS_PER_SECOND, "-maxrate", BITS_PER_SECOND, "-bufsize", BITS_PER_SECOND];
  const keyframes = ["-bf", "0", "-g", "20", "-keyint_min", "20", "-sc_threshold", "0"];
  await promisify(execFile)(ffmpeg, [
    ...["-hide_banner", "-nostdin", "-loglevel", "error", "-y", "-f", "lavfi", "-i", picture],
    ...["-frames:v", "600", "-c:v", "libx264", "-preset", "ultrafast", ...rate, ...keyframes, file],
  ]);
}
