import { z } from "zod";

/** A file of the site that cannot be used as it is. Nothing of it was changed. */
class SiteFileUnusable extends Error {
  constructor(path: string, cause: unknown) {
    super(`${path} cannot be used: ${whyOf(cause)}.`, { cause });
    this.name = "SiteFileUnusable";
  }
}

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
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const isDamaged = cause instanceof SyntaxError || cause instanceof z.ZodError || DAMAGED.has(code);
  if (isDamaged) return "it is damaged, or a later version of this program wrote it";
  if (typeof code === "string") return `the system says ${code}`;
  return cause instanceof Error ? cause.message.replace(/\.$/, "") : "no reason is known";
}
