import { accessSync, constants, mkdirSync } from "node:fs";
import { join } from "node:path";

/**
 * Whether a console can be opened on the site, before the runtime is asked: where it cannot write, it says that another
 * console is open there.
 * @returns null where it can, else why not, as a sentence
 */
export function whyNotUsable(siteRoot: string): string | null {
  const folder = join(siteRoot, "console");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : "no reason is known";
    return `The site folder ${siteRoot} cannot be used (${why}): it must be a folder that you may write into.`;
  }
}
