/** A file that is being written has another name beside its own until it is whole. */
import { rename } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder } from "./sync-folder.ts";

export const PART_SUFFIX = ".part";

/** @param path of the file when it is whole */
export const partOf = (path: string): string => path + PART_SUFFIX;

/**
 * Gives a whole file its name, which outlives a power cut; its bytes must have been flushed before.
 * @param path of the whole file; what has that name is replaced
 */
export async function finishPart(path: string): Promise<void> {
  await rename(partOf(path), path);
  await syncFolder(dirname(path));
}
