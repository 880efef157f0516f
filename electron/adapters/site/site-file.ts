import { z } from "zod";
import { saysDiskFull } from "#runtime/files/disk-full.ts";

/** A file of the site that cannot be used as it is. Nothing of it was changed. */
class SiteFileUnusable extends Error {
  /** What can be done about it, where it is not the file's fault. */
  readonly action: string | undefined;

  constructor(path: string, cause: unknown) {
    super(`${path} cannot be used: ${whyOf(cause)}.`, { cause });
    this.name = "SiteFileUnusable";
    this.action = saysDiskFull(cause) || OF_THE_DISK.test(codeOf(cause)) ? FREE_SPACE : undefined;
  }
}

const OF_THE_DISK = /^(EIO|SQLITE_IOERR.*)$/;
const FREE_SPACE =
  "Check whether the disk is full or failing, free up space on it, then start the console again. Nothing of the site is lost.";

/**
 * Whatever goes wrong with a file of the site names the file: it is what somebody has to look for.
 * @throws SiteFileUnusable
 */
export function usingSiteFile<T>(path: string, use: () => T): T {
  try {
    return use();
  } catch (error) {
    throw error instanceof SiteFileUnusable ? error : new SiteFileUnusable(path, error);
  }
}

/** Of SQLite, for what is no database or not a whole one. */
const DAMAGED: ReadonlySet<unknown> = new Set(["SQLITE_NOTADB", "SQLITE_CORRUPT"]);

function whyOf(cause: unknown): string {
  const code = codeOf(cause);
  const isDamaged = cause instanceof SyntaxError || cause instanceof z.ZodError || DAMAGED.has(code);
  if (isDamaged) return "it is damaged, or a later version of this program wrote it";
  if (saysDiskFull(cause)) return `its disk is full (${code})`;
  if (code !== "") return `the system says ${code}`;
  return cause instanceof Error ? cause.message.replace(/\.$/, "") : "no reason is known";
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
