import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { footageIndex } from "#archive/index/footage-index.ts";
import { openIndex } from "#archive/index/open-index.ts";
import { storeCamera } from "#archive/recorder/camera-fleet.ts";
import { cutLoop, FILE_MS } from "#dev/demo-site/footage/loop-footage-files.ts";
import { LOOP_SECONDS } from "#dev/demo-site/footage/loop-clip.ts";
import { writePastSession } from "#dev/demo-site/footage/past-footage.ts";

export const CAMERAS = ["gate", "yard"] as const;

const PAST_MS = 120_000;
const CLIP = "clip.mp4";

/**
 * Fills an archive's folder with two minutes of small footage for each of `CAMERAS`.
 * @param size of the picture; noise in it makes bytes
 * @returns where the footage ends
 */
export async function makeTinyFootage(dir: string, size: string, noise: number): Promise<number> {
  const endUtcMs = Math.floor(Date.now() / FILE_MS - 10) * FILE_MS;
  const database = openIndex(dir);
  try {
    const loop = await cutLoop("ffmpeg", await encodeClip(join(dir, CLIP), size, noise));
    const index = footageIndex(database);
    for (const camera of CAMERAS) {
      storeCamera(
        { dir, index, cameraId: camera },
        {
          name: `Camera ${camera}`,
          area: "Yard",
          source: { kind: "loop", file: CLIP },
        },
      );
      const range = { startUtcMs: endUtcMs - PAST_MS, endUtcMs };
      writePastSession(dir, index, camera, loop, range, range.startUtcMs);
    }
    return endUtcMs;
  } finally {
    database.close();
  }
}

async function encodeClip(file: string, size: string, noise: number): Promise<string> {
  const picture = `testsrc2=s=${size}:r=10:d=${LOOP_SECONDS}`;
  const coding = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-pix_fmt", "yuv420p"];
  const keyframes = ["-g", "20", "-keyint_min", "20", "-sc_threshold", "0"];
  const input = ["-v", "error", "-f", "lavfi", "-i", picture, "-vf", `noise=alls=${noise}:allf=t`];
  const output = [...coding, ...keyframes, "-video_track_timescale", "10000", file];
  await promisify(execFile)("ffmpeg", [...input, ...output]);
  return file;
}
