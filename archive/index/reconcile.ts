import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { saysMissing } from "#runtime/files/missing-file.ts";
import { cameraIdSchema } from "#shared/archive-api/archive-api.ts";
import { MediaError } from "#media/media-error.ts";
import {
  CAMERA_TIME_FILE,
  cameraFolder,
  footageFolder,
  INIT_FILE,
  FOOTAGE_FILE_NAME,
  footageFileName,
  SESSION_FILE,
  SESSION_NAME,
  sessionFolder,
} from "../ground/archive-folder.ts";
import type { ArchiveFootage, CameraFootage } from "./archive-footage.ts";
import { readCameraFile } from "./camera-file.ts";
import type { SessionAges } from "./session-ages.ts";
import { strayFile } from "./stray-files.ts";
import { readSessionFile, sessionIndexer, type SessionIndexer } from "./session-indexer.ts";

/** What was found to differ between the files and the index, and was put right in the index. */
export interface Reconciliation {
  addedFiles: number;
  removedFiles: number;
  /**
   * Files newly left out: torn by a crash, damaged, or of another format than their session's. They stay where they are
   * until they are old, see `stray-files.ts`.
   */
  readonly unreadableFiles: string[];
}

export interface ReconcileOptions {
  /** False only reports; default: true. */
  readonly apply?: boolean;
  /** By which sessions are dated beside their own dates. */
  readonly ages?: SessionAges;
}

interface CameraCheck extends CameraFootage {
  readonly apply: boolean;
  /** Where it is put down what was found. */
  readonly found: Reconciliation;
}

/**
 * Makes the index agree with the files: files without a row are indexed, rows without a file removed,
 * torn files left out. Media is opened only where a row is missing.
 */
export async function reconcile(
  { dir, index }: ArchiveFootage,
  { apply = true, ages }: ReconcileOptions = {},
): Promise<Reconciliation> {
  const found: Reconciliation = { addedFiles: 0, removedFiles: 0, unreadableFiles: [] };
  const folders = await namesIn(footageFolder(dir));
  for (const cameraId of folders.filter((name) => cameraIdSchema.safeParse(name).success)) {
    const camera = { dir, index, cameraId };
    if (apply) await restoreCamera(camera);
    await reconcileCamera({ ...camera, apply, found }, sessionIndexer(camera, ages));
  }
  return found;
}

async function reconcileCamera(check: CameraCheck, indexer: SessionIndexer): Promise<void> {
  const { dir, index, cameraId, apply, found } = check;
  const sessions = inRecordedOrder(dir, cameraId, await namesIn(cameraFolder(dir, cameraId)));
  for (const session of index.sessions(cameraId)) {
    if (sessions.includes(session.name)) continue;
    found.removedFiles += index.footageFilesOf(session.id).length;
    if (apply) index.removeSession(session.id);
  }
  if (apply)
    for (const stray of index.straysOf(cameraId))
      if (!sessions.includes(stray.session)) index.removeStray(stray);
  for (const session of sessions) await reconcileSession({ ...check, session, indexer });
}

/** Sessions of older versions have no number, and were recorded before the others. */
function inRecordedOrder(dir: string, cameraId: string, names: readonly string[]): string[] {
  const sessions = names.filter((name) => SESSION_NAME.test(name)).sort();
  const ordinals = new Map(
    sessions.map((name) => [name, readSessionFile(sessionFolder(dir, cameraId, name))?.ordinal ?? 0]),
  );
  return sessions.sort((a, b) => (ordinals.get(a) ?? 0) - (ordinals.get(b) ?? 0));
}

interface SessionCheck extends CameraCheck {
  readonly session: string;
  readonly indexer: SessionIndexer;
}

async function reconcileSession(check: SessionCheck): Promise<void> {
  const { dir, cameraId, session, index, indexer, apply, found } = check;
  const folder = sessionFolder(dir, cameraId, session);
  const names = await namesIn(folder);
  const onDisk = new Set(footageFileNumbers(names));
  // What a recorder leaves that was killed before its first footage file was finished.
  if (apply && onDisk.size === 0) await rm(folder, { recursive: true, force: true });
  const row = index.session(cameraId, session);
  const rows = row === undefined ? [] : index.footageFilesOf(row.id);
  const indexed = new Set(rows.map((footageFile) => footageFile.number));
  for (const footageFile of rows) {
    if (onDisk.has(footageFile.number)) continue;
    found.removedFiles++;
    if (apply) index.removeFootageFile(footageFile.id);
  }
  const known = apply ? await knownStrays(check, names) : new Set<string>();
  for (const number of [...onDisk].sort((a, b) => a - b)) {
    if (indexed.has(number) || known.has(footageFileName(number))) continue;
    if (!apply) found.addedFiles++;
    else if (await tryIndex(indexer, session, number)) found.addedFiles++;
    else found.unreadableFiles.push(join(folder, footageFileName(number)));
  }
}

/**
 * The files of a session that were found before not to be footage, and are the same as then; what else lies there beside
 * footage is noted.
 */
async function knownStrays(
  { dir, cameraId, session, index }: SessionCheck,
  names: readonly string[],
): Promise<Set<string>> {
  const before = new Map(index.straysOf(cameraId, session).map((stray) => [stray.name, stray]));
  for (const stray of before.values()) if (!names.includes(stray.name)) index.removeStray(stray);
  const known = new Set<string>();
  for (const name of names.filter((each) => before.has(each) || isForeign(each))) {
    const stray = await strayFile(dir, { cameraId, session, name });
    if (stray === null) continue;
    const noted = before.get(name);
    if (noted?.sizeBytes === stray.sizeBytes && noted.arrivalUs === stray.arrivalUs) known.add(name);
    else if (isForeign(name)) index.putStray(stray);
    else index.removeStray(stray);
  }
  return known;
}

/** Neither a footage file nor what a session has beside its footage files. */
const isForeign = (name: string): boolean =>
  !FOOTAGE_FILE_NAME.test(name) && ![INIT_FILE, SESSION_FILE, CAMERA_TIME_FILE].includes(name);

async function tryIndex(indexer: SessionIndexer, session: string, number: number): Promise<boolean> {
  try {
    return (await indexer.index(session, number)).isIndexed;
  } catch (error) {
    if (error instanceof MediaError || saysMissing(error)) return false;
    throw error;
  }
}

/** Lets the index say of a camera what its own file says, which is written first. */
async function restoreCamera({ dir, index, cameraId }: CameraFootage): Promise<void> {
  const stored = await readCameraFile(dir, cameraId);
  if (stored === null) return;
  const { recorded, ...change } = stored;
  index.putCamera(cameraId, change);
  if (!recorded) index.stopCamera(cameraId);
}

/** The numbers of the finished footage files among the names. */
export function footageFileNumbers(names: readonly string[]): number[] {
  return names.flatMap((name) => {
    const match = FOOTAGE_FILE_NAME.exec(name);
    return match === null ? [] : [Number(match[1])];
  });
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (saysMissing(error)) return [];
    throw error;
  }
}
