import { saysDiskFull } from "#runtime/files/disk-full.ts";
import { failed } from "#shared/domain/failure.ts";

/** Of the system and of SQLite (sqlite.org/rescode.html), for a disk and not for a mistake. */
const NOT_WRITTEN = /^(EROFS|EIO|SQLITE_(IOERR|READONLY|CANTOPEN).*)$/;

/** What is told of an error that a handler did not foresee, where the disk of the site's folder is its cause; else null. */
export function diskFailureOf(error: unknown): ReturnType<typeof failed> | null {
  if (saysDiskFull(error))
    return failed("SITE_DISK_FULL", "The disk of the site's folder is full: this was not saved.");
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (!NOT_WRITTEN.test(code)) return null;
  return failed(
    "SITE_NOT_WRITTEN",
    `The disk of the site's folder does not take what is written to it (${code}): this was not saved.`,
  );
}
