import { readdir, stat, statfs } from "node:fs/promises";
import { dirname, join, parse, relative, sep } from "node:path";
import { isThere } from "#runtime/files/missing-file.ts";
import { failed, type Outcome } from "#shared/domain/failure.ts";
import { MARK_FILE } from "./spool-mark.ts";
import { isNoDisk, isSystemRoot, systemPlaceOf, type SystemPlace } from "./system-folders.ts";

/**
 * Why a folder is not its user's to give to the spool, which sets its rights, counts what lies there and removes what it
 * knows as its own: the system's, one in which others have their folders, another program's, another user's.
 * @param folder as it was entered
 * @param real the same with links followed; it need not be there
 * @returns SPOOL_FOLDER_OF_SYSTEM, SPOOL_FOLDER_OF_OTHERS, or null
 */
export async function notOfTheUser(folder: string, real: string): Promise<Outcome<never> | null> {
  const example = process.platform === "win32" ? "D:\\Spool" : "/srv/spool";
  if (isSystemRoot(real))
    return ofSystem(`${folder} is where the system itself lies.`, join(real, "srv", "spool"));
  const there = await nearestThere(real);
  const fileSystem = await statfs(there).catch(() => null);
  if (fileSystem !== null && isNoDisk(fileSystem.type)) {
    return ofSystem(`${folder} is no place on a disk: the system shows something of itself there.`, example);
  }
  const place = systemPlaceOf(real);
  if (place?.kind === "system")
    return ofSystem(`${folder} ${isOrLiesIn(real, place)} the system's.`, example);
  if (place !== null && (await isMountPoint(place.path))) return null;
  if (place?.kind === "shared") {
    return ofOthers(`In ${folder} others have their folders.`, `such as ${join(real, "evidence-spool")}`);
  }
  if (place?.kind === "program" && !(await isOurProgram(place.path, real))) {
    return ofOthers(`${folder} ${isOrLiesIn(real, place)} another program's.`, `such as ${example}`);
  }
  if (await isOfAnotherUser(there)) return ofOthers(`${folder} is another user's.`, `such as ${example}`);
  return null;
}

const isOrLiesIn = (real: string, { path }: SystemPlace): string =>
  real === path ? "is" : `lies in ${path}, which is`;

const ofSystem = (sentence: string, example: string): Outcome<never> =>
  failed(
    "SPOOL_FOLDER_OF_SYSTEM",
    sentence,
    `Choose a folder for the spool alone, such as ${example}. Nothing has been changed.`,
  );

const ofOthers = (sentence: string, example: string): Outcome<never> =>
  failed(
    "SPOOL_FOLDER_OF_OTHERS",
    sentence,
    `Choose a folder for the spool alone, ${example}. Nothing has been changed.`,
  );

async function nearestThere(path: string): Promise<string> {
  return (await isThere(path)) || dirname(path) === path ? path : await nearestThere(dirname(path));
}

/** A disk of its own, wherever it is mounted, was given for something. */
async function isMountPoint(path: string): Promise<boolean> {
  if (process.platform === "win32") return false;
  const [own, above] = await Promise.all([path, dirname(path)].map((each) => stat(each).catch(() => null)));
  return own !== null && above !== null && own?.dev !== above?.dev;
}

/** One that is not there yet, this user's, or for an administrator, who has all of them, one that holds only the spool. */
async function isOurProgram(program: string, real: string): Promise<boolean> {
  const found = await stat(program).catch(() => null);
  if (found === null) return true;
  const user = process.getuid?.() ?? 0;
  if (user !== 0) return found.uid === user;
  const [next = ""] = relative(program, real).split(sep);
  const names = await readdir(program).catch(() => null);
  return names?.every((name) => name === next || name === MARK_FILE || name.includes(".enc")) ?? false;
}

/**
 * An administrator may write where every user has what is his own. On the system's disk alone: who owns what on a disk
 * that was brought, or on a share, is a matter of where it comes from.
 */
async function isOfAnotherUser(there: string): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  const [found, root] = await Promise.all([stat(there), stat(parse(there).root)]);
  return found.uid !== 0 && found.dev === root.dev;
}
