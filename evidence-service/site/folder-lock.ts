/** One service a folder: two that write the same blobs would sweep what the other has just received. */
import { FolderInUse, type FolderLock, lockFolder } from "#runtime/files/folder-lock.ts";
import { DATABASE_FILE } from "./metadata-place.ts";
import { StartRefusal } from "./start-refusal.ts";

const FILES = { lock: "service.lock", holder: "service-process.json", keptOpen: DATABASE_FILE } as const;

/** A service whose console was killed notices it within a second and then ends what it has begun. */
export const PATIENCE_MS = 5_000;

/**
 * Takes a service's folder for this process.
 * @param dir the folder, which is there
 * @param patienceMs how long a service that is just ending is waited for
 * @throws StartRefusal FOLDER_IN_USE, naming the process that has it
 */
export async function lockServiceFolder(dir: string, patienceMs: number = PATIENCE_MS): Promise<FolderLock> {
  try {
    return await lockFolder(dir, FILES, patienceMs);
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error;
    const { holder } = error;
    const who = holder === null ? "" : ` (process ${holder.processId}, since ${holder.startedUtc})`;
    const sentence = `Another evidence service is using the folder ${dir}${who}. Stop it, or give this one another folder.`;
    throw new StartRefusal("FOLDER_IN_USE", sentence);
  }
}
