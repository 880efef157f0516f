import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const SUFFIX = process.platform === "win32" ? ".exe" : "";

/**
 * The ffmpeg to use: `EVIDENCE_DESK_FFMPEG` when set, else the first `ffmpeg` in PATH, else the one where this system's
 * package managers put it: a program that is started from the desktop may have a PATH without them.
 * @returns an absolute path, or null where there is none that can be run
 */
export function locateFfmpeg(
  environment: NodeJS.ProcessEnv = process.env,
  beyondPath: readonly string[] = usualFolders(process.platform, environment),
): string | null {
  const named = environment["EVIDENCE_DESK_FFMPEG"];
  if (named !== undefined && named !== "") return canRun(named) ? named : null;
  return findInPath("ffmpeg", environment) ?? firstRunnable("ffmpeg", beyondPath);
}

/** Where package managers put programs, by system: those that only an administrator, or this user, can write to. */
export function usualFolders(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): string[] {
  const below = (variable: string, ...path: string[]) => {
    const folder = environment[variable];
    return folder === undefined || folder === "" ? [] : [join(folder, ...path)];
  };
  if (platform === "darwin") return ["/opt/homebrew/bin", "/usr/local/bin", "/opt/local/bin"];
  if (platform !== "win32") return ["/usr/local/bin", "/usr/bin", "/snap/bin"];
  return [
    ...below("ProgramFiles", "ffmpeg", "bin"),
    ...below("ProgramData", "chocolatey", "bin"),
    ...below("LOCALAPPDATA", "Microsoft", "WinGet", "Links"),
    ...below("USERPROFILE", "scoop", "shims"),
  ];
}

/** The first runnable program of that name in PATH, or null. */
export function findInPath(program: string, environment: NodeJS.ProcessEnv = process.env): string | null {
  const folders = (environment["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return firstRunnable(program, folders);
}

function firstRunnable(program: string, folders: readonly string[]): string | null {
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
