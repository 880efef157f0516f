import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const SUFFIX = process.platform === "win32" ? ".exe" : "";

/**
 * The ffmpeg to use: `EVIDENCE_DESK_FFMPEG` when set, else the first `ffmpeg` in PATH.
 * @returns an absolute path, or null where there is none that can be run
 */
export function locateFfmpeg(environment: NodeJS.ProcessEnv = process.env): string | null {
  const named = environment["EVIDENCE_DESK_FFMPEG"];
  if (named !== undefined && named !== "") return canRun(named) ? named : null;
  return findInPath("ffmpeg", environment);
}

/** The first runnable program of that name in PATH, or null. */
export function findInPath(program: string, environment: NodeJS.ProcessEnv = process.env): string | null {
  const folders = (environment["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, program + SUFFIX)).find(canRun) ?? null;
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
