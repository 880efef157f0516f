import { join } from "node:path";

/** As the build names it, and the packages after it. */
export const NOTICES_FILE = "THIRD-PARTY-NOTICES.txt";

/**
 * The file with the licences of what the console contains, as the build writes it (dev/packaging). A package carries it
 * outside of its archive, where every reader of texts can open it.
 */
export function noticesPath(outFolder: string, isPackaged: boolean): string {
  // The archive holds the program as `app.asar/out`.
  return join(outFolder, isPackaged ? "../.." : "", NOTICES_FILE);
}
