import { closeSync, fsyncSync, openSync } from "node:fs";
import { open } from "node:fs/promises";

/** Windows has no handle of a folder; NTFS journals names by itself. */
const NAMES_ARE_KEPT = process.platform === "win32";

/** A new name in a folder outlives a power cut once its folder is flushed. @throws Node's own error */
export async function syncFolder(folder: string): Promise<void> {
  if (NAMES_ARE_KEPT) return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The same for whoever cannot wait. */
export function syncFolderNow(folder: string): void {
  if (NAMES_ARE_KEPT) return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
