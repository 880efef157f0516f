/**
 * Of the system and of SQLite (sqlite.org/rescode.html), where a disk has no room or its user no more of it. A database
 * whose shared memory finds none is told as an error of the disk.
 */
const FULL: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT", "SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"]);

/** Whether somebody found a disk full. @param error as Node or SQLite threw it */
export const saysDiskFull = (error: unknown): boolean =>
  error instanceof Error && "code" in error && FULL.has(error.code);
