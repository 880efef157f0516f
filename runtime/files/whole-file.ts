/**
 * Small files that are replaced as a whole: who reads them finds all of the old content or all of the new, also when this
 * process is killed in between. Nothing waits for the disk, so a power cut may take the new content back, or leave it
 * torn: what must outlive one is written by `writeDurably`.
 */
import { renameSync, writeFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { partOf } from "./part-file.ts";

/** For whoever the process's umask lets. */
export const FOR_OTHERS_TOO = 0o666;
const OWNER_ALONE = 0o600;

/** @param mode permission bits of a file that is not there yet */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  mode = OWNER_ALONE,
): Promise<void> {
  await writeFile(partOf(path), content, { mode });
  await rename(partOf(path), path);
}

/** The same for whoever cannot wait. */
export function writeWholeNow(path: string, content: string | Uint8Array, mode = OWNER_ALONE): void {
  writeFileSync(partOf(path), content, { mode });
  renameSync(partOf(path), path);
}
