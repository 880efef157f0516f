import { stat } from "node:fs/promises";
import { join } from "node:path";
import { saysMissing } from "#runtime/files/missing-file.ts";
import { formatUtc } from "#shared/words/instants.ts";
import { formatCount } from "#shared/words/amounts.ts";
import {
  CAMERA_FILE,
  cameraFolder,
  initFile,
  footageFilePath,
  sessionFolder,
} from "../ground/archive-folder.ts";
import type { Log } from "../ground/log.ts";
import type { FootageIndex } from "./footage-index.ts";
import type { FootageFileRow } from "./index-rows.ts";

/** A disk may fail once and read the same bytes a moment later. */
const TRIES = 3;
/** Files looked at in one go. */
const BATCH = 64;

/**
 * Takes out of the index what its disk no longer has, when somebody finds it missing: a row without a file promises
 * footage that cannot be had, to everybody who asks and for ever. The start of an archive does the same, and finds again
 * what was put back.
 */
export interface LostFootage {
  /**
   * A file could not be read: it and all others of the same footage are looked at.
   * @param failed the row whose file it was
   */
  footageFiles(
    cameraId: string,
    rows: readonly FootageFileRow[],
    failed: FootageFileRow | undefined,
  ): Promise<void>;
  /** @returns whether there were sessions of the camera whose format is lost: without it nothing of them can be shown */
  sessions(cameraId: string): Promise<boolean>;
}

export function lostFootage(dir: string, index: FootageIndex, log: Log): LostFootage {
  const failures = new Map<number, number>();
  const failsForGood = (row: FootageFileRow): boolean => {
    const times = (failures.get(row.id) ?? 0) + 1;
    failures.set(row.id, times);
    return times >= TRIES;
  };
  return {
    async footageFiles(cameraId, rows, failed) {
      if (!(await isDiskThere(dir, cameraId))) return;
      const lost = await rowsWithoutFile(dir, cameraId, rows);
      if (failed !== undefined && !lost.includes(failed) && failsForGood(failed)) lost.push(failed);
      for (const { id } of lost) index.removeFootageFile(id);
      if (lost.length > 0)
        log(`${formatCount(lost.length, "recorded file")} of ${cameraId} gone or damaged: ${fromTo(lost)}`);
    },
    async sessions(cameraId) {
      if (!(await isDiskThere(dir, cameraId))) return false;
      const recording = index.newestFootageFiles(cameraId, 1)[0]?.sessionId;
      let found = false;
      for (const { id, name } of index.sessions(cameraId)) {
        // What is added to a session without a row would be lost unseen.
        if (id === recording || (await isFile(initFile(dir, cameraId, name)))) continue;
        index.removeSession(id);
        log(`the format of recording ${name} of ${cameraId} is gone, and its footage with it`);
        found = true;
      }
      return found;
    },
  };
}

/** An empty folder where a disk should be mounted tells nothing of what is on that disk. */
async function isDiskThere(dir: string, cameraId: string): Promise<boolean> {
  return await isFile(join(cameraFolder(dir, cameraId), CAMERA_FILE));
}

async function rowsWithoutFile(
  dir: string,
  cameraId: string,
  rows: readonly FootageFileRow[],
): Promise<FootageFileRow[]> {
  const lost: FootageFileRow[] = [];
  for (let at = 0; at < rows.length; at += BATCH) {
    const looked = rows.slice(at, at + BATCH).map(async (row) => {
      const sizeBytes = await sizeOf(
        footageFilePath(sessionFolder(dir, cameraId, row.sessionName), row.number),
      );
      return sizeBytes !== null && sizeBytes < row.sizeBytes ? [row] : [];
    });
    lost.push(...(await Promise.all(looked)).flat());
  }
  return lost;
}

/** -1 where there is no file; null where that cannot be told. */
async function sizeOf(path: string): Promise<number | null> {
  return await stat(path).then(
    ({ size }) => size,
    (error: unknown) => (saysMissing(error) ? -1 : null),
  );
}

async function isFile(path: string): Promise<boolean> {
  return ((await sizeOf(path)) ?? 0) >= 0;
}

function fromTo(rows: readonly FootageFileRow[]): string {
  const startUs = rows.reduce((least, row) => Math.min(least, row.startUs), Infinity);
  const endUs = rows.reduce((most, row) => Math.max(most, row.endUs), -Infinity);
  return `${formatUtc(startUs / 1000, "millisecond")} to ${formatUtc(endUs / 1000, "millisecond")}`;
}
