import { stat } from "node:fs/promises";
import { join } from "node:path";
import { sessionFolder } from "../ground/archive-folder.ts";
import type { IndexDatabase } from "./open-index.ts";

/** A file in a session's folder that is not footage: torn, damaged, of another format, or left by a recorder that was killed. */
export interface StrayFile {
  readonly cameraId: string;
  readonly session: string;
  readonly name: string;
  readonly sizeBytes: number;
  /** Its time, or where that is earlier, the start of its session. */
  readonly arrivalUs: number;
}

/** How many there are, and the room that they take. */
export interface StraySum {
  readonly files: number;
  readonly bytes: number;
}

/** A lock holds what arrived in it, or about then: nothing else tells what instants such a file is of. */
const LOCKED_AROUND_MS = 120_000;

const IS_UNLOCKED = `NOT EXISTS (SELECT 1 FROM locks l WHERE l.camera_id = strays.camera_id
  AND (l.start_ms - ${LOCKED_AROUND_MS}) * 1000 < strays.arrival_us
  AND (l.end_ms + ${LOCKED_AROUND_MS}) * 1000 > strays.arrival_us)`;

const COLUMNS = `camera_id AS cameraId, session, name, size_bytes AS sizeBytes, arrival_us AS arrivalUs`;

/** Keeps account of files that are not footage, so that they go by age and for room as footage does. */
export function strayQueries(database: IndexDatabase) {
  const put = database.prepare<[StrayFile]>(
    `INSERT INTO strays (camera_id, session, name, size_bytes, arrival_us)
     VALUES (:cameraId, :session, :name, :sizeBytes, :arrivalUs)
     ON CONFLICT DO UPDATE SET size_bytes = excluded.size_bytes, arrival_us = excluded.arrival_us`,
  );
  const remove = database.prepare<[string, string, string]>(
    "DELETE FROM strays WHERE camera_id = ? AND session = ? AND name = ?",
  );
  const ofSession = database.prepare<[string, string], StrayFile>(
    `SELECT ${COLUMNS} FROM strays WHERE camera_id = ? AND session = ?`,
  );
  const ofCamera = database.prepare<[string], StrayFile>(`SELECT ${COLUMNS} FROM strays WHERE camera_id = ?`);
  const oldest = database.prepare<[number], StrayFile>(
    `SELECT ${COLUMNS} FROM strays WHERE ${IS_UNLOCKED} ORDER BY arrival_us LIMIT ?`,
  );
  const removeUnlocked = database.prepare<[string, string, string]>(
    `DELETE FROM strays WHERE camera_id = ? AND session = ? AND name = ? AND ${IS_UNLOCKED}`,
  );
  const sum = database.prepare<[], StraySum>(
    "SELECT count(*) AS files, coalesce(sum(size_bytes), 0) AS bytes FROM strays",
  );
  const forget = database.prepare<[]>("DELETE FROM strays");
  return {
    putStray: (stray: StrayFile) => void put.run(stray),
    removeStray: ({ cameraId, session, name }: StrayFile) => void remove.run(cameraId, session, name),
    removeUnlockedStray: ({ cameraId, session, name }: StrayFile) =>
      removeUnlocked.run(cameraId, session, name).changes > 0,
    straysOf: (cameraId: string, session?: string) =>
      session === undefined ? ofCamera.all(cameraId) : ofSession.all(cameraId, session),
    oldestStrays: (count: number) => oldest.all(count),
    straySum: (): StraySum => sum.get() ?? { files: 0, bytes: 0 },
    forgetStrays: () => void forget.run(),
  };
}

/** Null where the file is gone. */
export async function strayFile(
  dir: string,
  { cameraId, session, name }: Pick<StrayFile, "cameraId" | "session" | "name">,
): Promise<StrayFile | null> {
  const details = await stat(join(sessionFolder(dir, cameraId, session), name)).catch(() => null);
  if (details === null) return null;
  const arrivalUs = Math.round(Math.max(details.mtimeMs, Number(session)) * 1000);
  return { cameraId, session, name, sizeBytes: details.size, arrivalUs };
}
