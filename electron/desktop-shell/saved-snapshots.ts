import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { saysDiskFull } from "#runtime/files/disk-full.ts";
import { createFlushed } from "#runtime/files/new-file.ts";
import { FOR_OTHERS_TOO } from "#runtime/files/whole-file.ts";
import { failed, type Outcome, succeeded } from "#shared/domain/failure.ts";
import { fileNameOf } from "#shared/domain/names.ts";

export interface SavedSnapshot {
  readonly folder: string;
  readonly fileName: string;
}

/** A picture, and what its file is named after. */
export interface Snapshot {
  readonly cameraName: string;
  /** The time of the picture, in words. */
  readonly moment: string;
  readonly png: Uint8Array;
}

const ENDING = ".png";
/** File systems take 255 bytes; a number, if there is one, and the ending are part of that. */
const NAME_BYTES_MAX = 200;

/** A disk that has not answered by then may never do. */
const SILENT_MS = 15_000;

/**
 * Writes a snapshot, and answers when it is on the disk: the operator is told that it is saved. Of a disk that does not
 * answer the operator is told that, and that it is written once the disk does.
 * @param folder is not made: where it is gone, so may be the disk that it was on
 */
export async function saveSnapshot(
  folder: string,
  snapshot: Snapshot,
  silentMs = SILENT_MS,
): Promise<Outcome<SavedSnapshot>> {
  const late = new AbortController();
  const silence = setTimeout(silentMs, silentRefusal(folder), { signal: late.signal });
  try {
    return await Promise.race([writeSnapshot(folder, snapshot), silence]);
  } finally {
    late.abort();
    silence.catch(() => undefined);
  }
}

async function writeSnapshot(
  folder: string,
  { cameraName, moment, png }: Snapshot,
): Promise<Outcome<SavedSnapshot>> {
  try {
    return succeeded({ folder, fileName: await createFree(folder, nameOf(cameraName, moment), png) });
  } catch (error) {
    console.error(`A snapshot cannot be written into ${folder}.`, error);
    return refusalOf(folder, error);
  }
}

/** As browsers name what has the name of another: `name (1).png`. */
async function createFree(folder: string, name: string, png: Uint8Array): Promise<string> {
  for (let count = 0; ; count += 1) {
    const fileName = `${name}${count === 0 ? "" : ` (${count})`}${ENDING}`;
    try {
      await createFlushed(join(folder, fileName), png, FOR_OTHERS_TOO);
      return fileName;
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
  }
}

/** Of a long name the end goes, never the time. What no file name may hold is replaced. */
function nameOf(cameraName: string, moment: string): string {
  const time = ` ${fileNameOf(moment, "")}`;
  let camera = fileNameOf(cameraName, "Snapshot");
  while (Buffer.byteLength(camera + time) > NAME_BYTES_MAX) camera = [...camera].slice(0, -1).join("");
  return (camera + time).trim();
}

const codeOf = (error: unknown): string => String((error as { readonly code?: unknown }).code);

const ELSEWHERE = "Then take the snapshot again.";

function silentRefusal(folder: string): Outcome<never> {
  const sentence = `The snapshot is not saved yet: the disk of ${folder} does not answer.`;
  const action = "It is saved once the disk answers. If it lasts, have your administrator look at the disk.";
  return failed("SNAPSHOT_FOLDER_SILENT", sentence, action);
}

function refusalOf(folder: string, error: unknown): Outcome<never> {
  const code = codeOf(error);
  if (saysDiskFull(error)) {
    const sentence = `The snapshot was not saved: there is no room left in ${folder}.`;
    return failed("SNAPSHOT_DISK_FULL", sentence, `Remove what is not needed there. ${ELSEWHERE}`);
  }
  if (code === "ENOENT" || code === "ENOTDIR") {
    const sentence = `The snapshot was not saved: the folder ${folder} is not there.`;
    return failed("SNAPSHOT_FOLDER_MISSING", sentence, `Make it, or connect its disk. ${ELSEWHERE}`);
  }
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    const sentence = `The snapshot was not saved: nothing can be written into ${folder}.`;
    return failed("SNAPSHOT_FOLDER_READ_ONLY", sentence, `Have it opened for writing. ${ELSEWHERE}`);
  }
  const sentence = `The snapshot was not saved: it cannot be written into ${folder}.`;
  return failed("SNAPSHOT_NOT_SAVED", sentence);
}
