import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { locateFfmpeg, usualFolders } from "./ffmpeg-location.ts";

let inPath: string;
let beyond: string;
beforeEach(async () => {
  inPath = await mkdtemp(join(tmpdir(), "in-path-"));
  beyond = await mkdtemp(join(tmpdir(), "beyond-path-"));
});
afterEach(async () => {
  for (const folder of [inPath, beyond]) await rm(folder, { recursive: true });
});

async function putFfmpegInto(folder: string): Promise<string> {
  const path = join(folder, process.platform === "win32" ? "ffmpeg.exe" : "ffmpeg");
  await writeFile(path, "");
  await chmod(path, 0o755);
  return path;
}

test("ffmpeg is found where package managers put it, when PATH lacks it as that of a desktop may", async () => {
  expect(locateFfmpeg({ PATH: inPath }, [beyond])).toBeNull();
  const there = await putFfmpegInto(beyond);
  expect(locateFfmpeg({ PATH: inPath }, [beyond])).toBe(there);
  expect(locateFfmpeg({}, [beyond])).toBe(there);
});

test("the one in PATH goes before it, and the one that is named before both, or none", async () => {
  const there = await putFfmpegInto(beyond);
  const nearer = await putFfmpegInto(inPath);
  expect(locateFfmpeg({ PATH: inPath }, [beyond])).toBe(nearer);
  expect(locateFfmpeg({ PATH: inPath, EVIDENCE_DESK_FFMPEG: there }, [])).toBe(there);
  expect(locateFfmpeg({ PATH: inPath, EVIDENCE_DESK_FFMPEG: join(beyond, "none") }, [beyond])).toBeNull();
});

test("no folder is looked into that depends on where the program was started", () => {
  expect(usualFolders("darwin", {})).toContain("/opt/homebrew/bin");
  expect(usualFolders("linux", {})).toContain("/snap/bin");
  expect(usualFolders("win32", { ProgramFiles: "C:\\Program Files", ProgramData: "" })).toEqual([
    join("C:\\Program Files", "ffmpeg", "bin"),
  ]);
});
