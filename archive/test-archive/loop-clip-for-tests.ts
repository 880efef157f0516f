import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { locateFfmpeg } from "../recorder/ffmpeg-location.ts";

/** Makes a tiny loop in the archive's folder: one minute, 10 frames a second, a keyframe every 2 s. */
export async function makeLoopClip(dir: string): Promise<{ kind: "loop"; file: string }> {
  const parameters = [
    ...["-v", "error", "-f", "lavfi", "-i", "testsrc=size=96x64:rate=10", "-t", "60", "-c:v", "libx264"],
    ...["-preset", "ultrafast", "-bf", "0", "-g", "20", "-keyint_min", "20", "-sc_threshold", "0"],
    ...["-pix_fmt", "yuv420p", join(dir, "loop.mp4")],
  ];
  await promisify(execFile)(locateFfmpeg() ?? "ffmpeg", parameters);
  return { kind: "loop", file: "loop.mp4" };
}
