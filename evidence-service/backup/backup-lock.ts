/** One command at a time works in the folder of a backup. */
import { FolderInUse, type FolderLock, lockFolder } from "#runtime/files/folder-lock.ts";
import { StartRefusal } from "../site/start-refusal.ts";

const FILES = { lock: "backup.lock", holder: "backup-process.json", keptOpen: "backup.lock" } as const;

const NO_PATIENCE_MS = 0;
/** Codes of a disk that is only read, with what follows them. */
const READ_ONLY: readonly string[] = ["SQLITE_CANTOPEN", "SQLITE_READONLY", "EROFS", "EACCES"];

/**
 * For whoever writes a backup. The lock goes with the process, however that ends.
 * @param folder which is there
 * @throws StartRefusal BACKUP_UNDER_WAY, BACKUP_FAILED where nothing can be locked
 */
export async function lockBackupFolder(folder: string): Promise<FolderLock> {
  try {
    return await lockFolder(folder, FILES, NO_PATIENCE_MS);
  } catch (error) {
    if (error instanceof FolderInUse) throw underWay(folder, error);
    const why = error instanceof Error ? error.message : String(error);
    throw new StartRefusal("BACKUP_FAILED", `The folder ${folder} cannot be locked (${why}).`);
  }
}

/**
 * For whoever reads one, also on a disk that cannot be written.
 * @throws StartRefusal BACKUP_UNDER_WAY
 */
export async function lockBackupToRead(folder: string): Promise<FolderLock> {
  try {
    return await lockFolder(folder, FILES, NO_PATIENCE_MS);
  } catch (error) {
    if (error instanceof FolderInUse) throw underWay(folder, error);
    if (isReadOnly(error)) return { release: () => undefined };
    throw error;
  }
}

function underWay(folder: string, { holder }: FolderInUse): StartRefusal {
  const who = holder === null ? "" : ` (process ${holder.processId}, since ${holder.startedUtc})`;
  return new StartRefusal(
    "BACKUP_UNDER_WAY",
    `Another command works in the backup's folder ${folder}${who}.`,
  );
}

function isReadOnly(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return READ_ONLY.some((one) => code.startsWith(one));
}
