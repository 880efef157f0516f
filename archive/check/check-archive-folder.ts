import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { cameraIdSchema } from "#shared/archive-api/archive-api.ts";
import {
  CAMERA_FILE,
  cameraFolder,
  footageFolder,
  initFile,
  FOOTAGE_FILE_NAME,
  SESSION_NAME,
  sessionFolder,
} from "../ground/archive-folder.ts";
import { readCameraFile } from "../index/camera-file.ts";
import type { ArchiveFootage, CameraFootage } from "../index/archive-footage.ts";
import { footageIndex, type FootageIndex } from "../index/footage-index.ts";
import type { IndexDatabase } from "../index/open-index.ts";
import { readPictureSamples, readSessionMedia } from "../index/recorded-footage-file.ts";
import { livingRecorders } from "../recorder/leftover-recorders.ts";
import type { NumberedRow } from "./check-rows.ts";
import { checkSession, type Findings } from "./check-session.ts";
import { isoOf, type ArchiveCheck, type Breach } from "./invariants.ts";

/** Checks every invariant of an archive's folder and changes nothing. Reads all media. */
export async function checkArchiveFolder(dir: string, database: IndexDatabase): Promise<ArchiveCheck> {
  const index = footageIndex(database);
  const findings: Findings = { broken: checkDatabase(database), leftOut: [], segments: 0 };
  for (const camera of index.cameras()) {
    await checkCameraFile({ dir, index, cameraId: camera.id }, findings);
    findings.broken.push(...checkShown(index, camera.id), ...checkOrder(database, camera.id));
    for (const session of index.sessions(camera.id)) await checkSession({ dir, database, session }, findings);
  }
  await checkUnknownFolders({ dir, index }, findings);
  findings.broken.push(...checkLocks(database));
  for (const { pid, file } of await livingRecorders(dir)) {
    const detail = `Process ${pid} still records.`;
    findings.broken.push({ ...NOWHERE, invariant: "I11", file: relative(dir, file), detail });
  }
  return findings;
}

const NOWHERE = { camera: null, file: null, at: null } as const;

/** I1 */
function checkDatabase(database: IndexDatabase): Breach[] {
  const lines = database.pragma("integrity_check") as { integrity_check: string }[];
  const faults = lines.map((line) => line.integrity_check).filter((text) => text !== "ok");
  const strays = database.pragma("foreign_key_check") as { table: string }[];
  const details = [...faults, ...strays.map(({ table }) => `A row of ${table} belongs to nothing.`)];
  return details.map((detail) => ({ ...NOWHERE, invariant: "I1", detail }));
}

/** Whatever instants footage can have, milliseconds UTC. */
const ALL_TIME = { startUtcMs: 0, endUtcMs: 8e12 };

/** I7 */
function checkShown(index: FootageIndex, camera: string): Breach[] {
  const rows = index.footageFiles({ cameraId: camera, range: ALL_TIME });
  return rows.slice(1).flatMap((row, place): Breach[] => {
    const before = rows[place]!;
    if (before.sessionId === row.sessionId || row.shownStartUs >= before.shownEndUs) return [];
    const detail = `Shown twice up to ${isoOf(before.shownEndUs)}.`;
    return [{ invariant: "I7", camera, file: null, at: isoOf(row.shownStartUs), detail }];
  });
}

/** I8 */
function checkOrder(database: IndexDatabase, camera: string): Breach[] {
  const rows = database
    .prepare<[string], NumberedRow>(
      `SELECT session_id AS sessionId, number, start_us AS startUs, sequence, discontinuity FROM segments
       WHERE camera_id = ? ORDER BY sequence, session_id, number`,
    )
    .iterate(camera);
  const broken: Breach[] = [];
  const lastNumbers = new Map<number, number>();
  let before: NumberedRow | undefined;
  for (const row of rows) {
    const isRepeated = row.sequence === before?.sequence;
    const isBack = row.discontinuity < (before?.discontinuity ?? 0);
    if (isRepeated || isBack || row.number < (lastNumbers.get(row.sessionId) ?? 0)) {
      const detail = `Number ${row.sequence} follows ${before?.sequence ?? "none"}.`;
      broken.push({ invariant: "I8", camera, file: null, at: isoOf(row.startUs), detail });
    }
    lastNumbers.set(row.sessionId, row.number);
    before = row;
  }
  return broken;
}

/** I9 */
async function checkCameraFile(
  { dir, index, cameraId: camera }: CameraFootage,
  { broken }: Findings,
): Promise<void> {
  const stored = await readCameraFile(dir, camera);
  const known = index.camera(camera);
  const said = JSON.stringify([stored?.name, stored?.area, stored?.source, stored?.recorded]);
  if (said === JSON.stringify([known?.name, known?.area, known?.source, known?.recorded])) return;
  const file = relative(dir, join(cameraFolder(dir, camera), CAMERA_FILE));
  broken.push({
    invariant: "I9",
    camera,
    file,
    at: null,
    detail: "It is missing, or says something else than the index.",
  });
}

/** I3, of sessions and cameras that the index does not know at all. */
async function checkUnknownFolders(
  { dir, index }: ArchiveFootage,
  { broken, leftOut }: Findings,
): Promise<void> {
  for (const camera of (await namesIn(footageFolder(dir))).filter(
    (name) => cameraIdSchema.safeParse(name).success,
  )) {
    const sessions = (await namesIn(cameraFolder(dir, camera))).filter((name) => SESSION_NAME.test(name));
    for (const session of sessions.filter((name) => index.session(camera, name) === undefined)) {
      const folder = sessionFolder(dir, camera, session);
      for (const name of (await namesIn(folder)).filter((each) => FOOTAGE_FILE_NAME.test(each))) {
        const file = relative(dir, join(folder, name));
        if (!(await isFootage(initFile(dir, camera, session), join(folder, name)))) leftOut.push(file);
        else
          broken.push({
            invariant: "I3",
            camera,
            file,
            at: isoOf(Number(session) * 1000),
            detail: "Its session has no row.",
          });
      }
    }
  }
}

async function isFootage(init: string, file: string): Promise<boolean> {
  try {
    readPictureSamples(readSessionMedia(await readFile(init)), await readFile(file));
    return true;
  } catch {
    // Whatever keeps it from being read keeps it from being footage.
    return false;
  }
}

/** I10 */
function checkLocks(database: IndexDatabase): Breach[] {
  const locks = database
    .prepare<[], { id: string; camera: string; startMs: number }>(
      `SELECT id, camera_id AS camera, start_ms AS startMs FROM locks
       WHERE end_ms <= start_ms OR camera_id NOT IN (SELECT id FROM cameras) ORDER BY id`,
    )
    .all();
  return locks.map(({ id, camera, startMs }) => ({
    ...{ invariant: "I10", camera, file: null, at: isoOf(startMs * 1000) },
    detail: `The lock ${id} names no camera of the archive, or is empty.`,
  }));
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
