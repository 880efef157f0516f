import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { PART_SUFFIX, partOf } from "#runtime/files/part-file.ts";
import { footageFolder, FOOTAGE_FILE_NAME, SESSION_NAME } from "../ground/archive-folder.ts";
import { sentenceOf, type Log } from "../ground/log.ts";
import { finishLeftFile } from "./frames/open-footage-file.ts";

/**
 * Finishes the footage files that a crash left open, so that all their whole frames are footage. Call it when no
 * recorder runs and before files and index are compared.
 * @returns how many there were
 */
export async function finishLeftFiles(dir: string, log: Log): Promise<number> {
  let finished = 0;
  for (const path of await leftFiles(dir)) {
    try {
      if (await finishLeftFile(path)) finished++;
      else await rm(partOf(path), { force: true });
    } catch (error) {
      log(`${partOf(path)} was left open and cannot be finished: ${sentenceOf(error)}`);
    }
  }
  return finished;
}

/** Paths that open footage files would have when they are finished. */
async function leftFiles(dir: string): Promise<string[]> {
  const left: string[] = [];
  for (const camera of await foldersIn(footageFolder(dir))) {
    const sessions = (await foldersIn(camera)).filter((folder) => SESSION_NAME.test(folder.slice(-13)));
    for (const session of sessions) {
      const names = (await readdir(session)).filter((name) => name.endsWith(PART_SUFFIX));
      const finished = names.map((name) => name.slice(0, -PART_SUFFIX.length));
      left.push(
        ...finished.filter((name) => FOOTAGE_FILE_NAME.test(name)).map((name) => join(session, name)),
      );
    }
  }
  return left;
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}
