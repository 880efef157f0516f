import { execFileSync } from "node:child_process";
import { accessSync, constants, mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** What the system says of a disk, in words; of anything else it is a matter of rights. */
const OF_THE_DISK: Readonly<Record<string, string>> = {
  ENOSPC: "its disk is full. Free space on it, then start the console again.",
  EDQUOT: "you have no space left on its disk. Free some, then start the console again.",
  EROFS: "its disk can only be read.",
};

/**
 * Whether a console can be opened on the site, before the runtime is asked: where it cannot write, it says that another
 * console is open there.
 * @param userId of this process; null where the system knows none
 * @returns null where it can, else why not, as a sentence
 */
export function whyNotUsable(
  siteRoot: string,
  userId: number | null = process.getuid?.() ?? null,
): string | null {
  const folder = join(siteRoot, "console");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "no reason is known";
    const why = OF_THE_DISK[code] ?? `it must be a folder that you may write into.${ownerOf(folder, userId)}`;
    return `The site folder ${siteRoot} cannot be used (${code}): ${why}`;
  }
  // Root may write everywhere, and its files would keep the owner's own console from starting.
  const owner = ownerOf(folder, userId);
  return owner === "" ? null : `The site folder ${siteRoot} is somebody else's.${owner}`;
}

/** @returns a sentence about who has the folder, or the one above it that can be seen; empty where it is this user's */
function ownerOf(folder: string, userId: number | null): string {
  const uid = userIdOf(folder);
  if (userId === null || uid === null || uid === userId) return "";
  const name = nameOf(uid);
  return ` It belongs to ${name}: start the console as ${name}, or on another folder with --site.`;
}

function userIdOf(path: string): number | null {
  try {
    return statSync(path).uid;
  } catch {
    return dirname(path) === path ? null : userIdOf(dirname(path));
  }
}

function nameOf(userId: number): string {
  try {
    const name = execFileSync("id", ["-un", String(userId)], {
      encoding: "utf8",
      stdio: "pipe",
      timeout: 5_000,
    });
    return `the user ${name.trim()}`;
  } catch {
    // Nobody of this computer: of a disk that came from another one.
    return `the user with the number ${userId}`;
  }
}
