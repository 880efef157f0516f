import { closeSync, mkdirSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { saysDiskFull } from "#runtime/files/disk-full.ts";
import { ArchiveFailure } from "./ground/archive-failure.ts";
import { footageFolder } from "./ground/archive-folder.ts";

const PROBE = ".write-probe";

/** EROFS: the disk is mounted so; EACCES, EPERM: the account of the archive may not. */
const REFUSALS = new Set(["EROFS", "EACCES", "EPERM"]);

/**
 * Writes into the archive's folder and that of its footage, and takes it away again: an archive that finds out later would
 * look like cameras that send nothing.
 * @throws ArchiveFailure FOLDER_READ_ONLY; Node's own error where something else is wrong. A full disk is no failure: old
 *   footage goes, or recording waits for room.
 */
export function requireWritableFolder(dir: string): void {
  for (const folder of [dir, footageFolder(dir)]) {
    try {
      tryToWrite(folder);
    } catch (error) {
      if (saysDiskFull(error)) continue;
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      if (!REFUSALS.has(code)) throw error;
      throw new ArchiveFailure("FOLDER_READ_ONLY", sentenceOf(folder, code));
    }
  }
}

function tryToWrite(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const probe = join(folder, PROBE);
  closeSync(openSync(probe, "w"));
  rmSync(probe);
}

function sentenceOf(folder: string, code: string): string {
  if (code === "EROFS")
    return `The archive's folder ${folder} is on a disk that can only be read; mount it for writing or choose another folder.`;
  return `The archive may not write into its folder ${folder}; give its account the right to, or choose another folder.`;
}
