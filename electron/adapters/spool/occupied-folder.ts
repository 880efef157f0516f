import { realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, parse, relative, sep } from "node:path";
import { isThere } from "#runtime/files/missing-file.ts";
import { failed, type Outcome } from "#shared/domain/failure.ts";
import { notOfTheUser } from "./not-of-the-user.ts";

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
 * @param ownFolder the spool that the site has of itself, wherever the site lies
 * @returns SPOOL_FOLDER_OF_SYSTEM, SPOOL_FOLDER_OF_OTHERS, SPOOL_FOLDER_OCCUPIED, or null
 */
export async function occupationOf(
  folder: string,
  occupied: readonly OccupiedFolder[],
  ownFolder: string | null = null,
): Promise<Outcome<never> | null> {
  const [real, own] = await Promise.all([realPathOf(folder), ownFolder && realPathOf(ownFolder)]);
  const foreign = real === own ? null : await notOfTheUser(folder, real);
  if (foreign !== null) return foreign;
  for (const { owner, path } of occupied) {
    const theirs = await realPathOf(path);
    if (holds(theirs, real)) return isOccupied(`${folder} ${belongsTo(theirs, real)} ${owner}, ${path}.`);
    if (holds(real, theirs)) return isOccupied(`${folder} holds the folder of ${owner}, ${path}.`);
  }
  const archive = await archiveAround(real);
  if (archive === null) return null;
  return isOccupied(`${folder} ${belongsTo(archive, real)} an archive, ${archive}.`);
}

const isOccupied = (sentence: string): Outcome<never> => failed("SPOOL_FOLDER_OCCUPIED", sentence);

const belongsTo = (theirs: string, folder: string): string =>
  theirs === folder ? "is the folder of" : "lies in the folder of";

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

/** An archive that the site does not know is told by what lies in its folder (`archive/ground/archive-folder.ts`). */
async function archiveAround(folder: string): Promise<string | null> {
  const { root } = parse(folder);
  for (let path = folder; path !== root; path = dirname(path)) {
    if ((await isThere(join(path, "index.sqlite"))) && (await isThere(join(path, "footage")))) return path;
  }
  return null;
}
