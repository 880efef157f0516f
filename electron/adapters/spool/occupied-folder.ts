import { realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, parse, posix, relative, sep, win32 } from "node:path";
import { failed, type Outcome } from "#shared/domain/failure.ts";

/** A folder in which another program of the site keeps what is its own. */
export interface OccupiedFolder {
  /** As it is called within a sentence. */
  readonly owner: string;
  readonly path: string;
}

/**
 * Why a folder is no place for a spool although files can be written there: the console gives it rights of its own,
 * counts its files and removes them, and so do those who have it already.
 * @param folder a full path; it need not be there
 * @returns SPOOL_FOLDER_OF_SYSTEM, SPOOL_FOLDER_OCCUPIED, or null
 */
export async function occupationOf(
  folder: string,
  occupied: readonly OccupiedFolder[],
): Promise<Outcome<never> | null> {
  const real = await realPathOf(folder);
  if (isSystemRoot(real)) {
    return failed(
      "SPOOL_FOLDER_OF_SYSTEM",
      `${folder} is where the system itself lies.`,
      `Choose a folder for the spool alone, such as ${join(real, "srv", "spool")}. Nothing has been changed.`,
    );
  }
  for (const { owner, path } of occupied) {
    const theirs = await realPathOf(path);
    if (holds(theirs, real)) return isOccupied(`${folder} ${belongsTo(theirs, real)} ${owner}, ${path}.`);
    if (holds(real, theirs)) return isOccupied(`${folder} holds the folder of ${owner}, ${path}.`);
  }
  const archive = await archiveAround(real);
  if (archive === null) return null;
  return isOccupied(`${folder} ${belongsTo(archive, real)} an archive, ${archive}.`);
}

const isOccupied = (sentence: string): Outcome<never> =>
  failed(
    "SPOOL_FOLDER_OCCUPIED",
    sentence,
    "Choose a folder beside it, for the spool alone. Nothing has been changed.",
  );

const belongsTo = (theirs: string, folder: string): string =>
  theirs === folder ? "is the folder of" : "lies in the folder of";

/** On Windows another drive's root is a disk of its own; anywhere else a disk is mounted on a folder. */
export function isSystemRoot(
  path: string,
  platform: NodeJS.Platform = process.platform,
  systemDrive = process.env["SystemDrive"] ?? "C:",
): boolean {
  const { root } = (platform === "win32" ? win32 : posix).parse(path);
  if (path !== root) return false;
  return platform !== "win32" || root.toLowerCase().startsWith(systemDrive.toLowerCase());
}

function holds(outer: string, inner: string): boolean {
  const way = relative(outer, inner);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** Where links lead to, as far as the path is there. */
export async function realPathOf(path: string): Promise<string> {
  const real = await realpath(path).catch(() => null);
  if (real !== null) return real;
  const above = dirname(path);
  return above === path ? path : join(await realPathOf(above), basename(path));
}

/** An archive that the site does not know is told by what lies in its folder (`archive/archive-folder.ts`). */
async function archiveAround(folder: string): Promise<string | null> {
  const { root } = parse(folder);
  for (let path = folder; path !== root; path = dirname(path)) {
    if ((await isThere(join(path, "index.sqlite"))) && (await isThere(join(path, "footage")))) return path;
  }
  return null;
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
