/** Why a backup cannot be written or read, as the system says it: a disk that is full, a folder of somebody else. */
import { StartRefusal } from "../site/start-refusal.ts";

/** @returns a StartRefusal BACKUP_FAILED where the system, or SQLite, is to blame; else the error as it is */
export function asBackupRefusal(error: unknown): unknown {
  if (error instanceof StartRefusal || !(error instanceof Error) || !isOfSystem(error)) return error;
  return new StartRefusal("BACKUP_FAILED", `The backup cannot be taken (${error.message}).`);
}

const isOfSystem = (error: Error): boolean =>
  "syscall" in error || ("code" in error && String(error.code).startsWith("SQLITE_"));
