/** Files that never take the place of another, such as keys: what is sealed with the one before would be lost. */
import { writeFileSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolderNow } from "./sync-folder.ts";

/**
 * Makes a file whose bytes are on the disk when it resolves; its name is once the folder is flushed.
 * @param mode permission bits
 * @throws Node's own error, EEXIST where the name is taken; nothing new is there then
 */
export async function createFlushed(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const file = await open(path, "wx", mode);
  try {
    await file.writeFile(content);
    await file.sync();
    await file.close();
  } catch (error) {
    await file.close().catch(() => undefined); // What it failed with is told already.
    await rm(path, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Makes a file of the owner alone that outlives a power cut, for whoever cannot wait. @throws as `createFlushed` does */
export function createDurablyNow(path: string, content: string | Uint8Array): void {
  writeFileSync(path, content, { mode: 0o600, flag: "wx", flush: true });
  syncFolderNow(dirname(path));
}
