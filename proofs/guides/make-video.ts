import { execFile } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** Two seconds of a test picture, of some ten kilobytes. @param folder for a while @param pattern of ffmpeg's sources */
export async function makeVideo(folder: string, pattern: string): Promise<Buffer> {
  const path = join(folder, `${pattern}.mp4`);
  const picture = ["-f", "lavfi", "-i", `${pattern}=size=192x108:rate=25`, "-t", "2"];
  const coding = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-bf", "0"];
  await promisify(execFile)("ffmpeg", ["-v", "error", "-y", ...picture, ...coding, path]);
  const bytes = await readFile(path);
  await rm(path);
  return bytes;
}
