import { join } from "node:path";

/**
 * Where things lie in an archive's folder. Names are made here from ids that were parsed before
 * (camera ids by the contract, session names by `SESSION_NAME`), never from text of a request.
 *
 * ```
 * DIR/index.sqlite                         the footage index
 * DIR/settings.json                        retention settings (optional)
 * DIR/age-clock.json                       what retention believes of the clock
 * DIR/camera-secrets.key                   seals the cameras' passwords; for its owner alone
 * DIR/footage/CAMERA/camera.json           name, area and source, so that the index can be rebuilt
 * DIR/footage/CAMERA/recorder-TIME.json    process id and command of a running recorder
 * DIR/footage/CAMERA/SESSION/session.json  start of the session on the wall clock
 * DIR/footage/CAMERA/SESSION/camera-time.jsonl  the camera's own time beside that of the footage files
 * DIR/footage/CAMERA/SESSION/init.mp4      initialization segment; a name per session, because a
 *                                          shared one is truncated by the next session
 * DIR/footage/CAMERA/SESSION/00042.m4s     footage files; with `.part` behind it, the one being written
 * DIR/thumbnails/CAMERA/SESSION/           cached pictures
 * ```
 */
export const SESSION_NAME = /^\d{13}$/;
export const FOOTAGE_FILE_NAME = /^(\d{5,9})\.m4s$/;
export const INIT_FILE = "init.mp4";
export const SESSION_FILE = "session.json";
export const CAMERA_TIME_FILE = "camera-time.jsonl";
export const CAMERA_FILE = "camera.json";

export const indexFile = (dir: string): string => join(dir, "index.sqlite");
export const settingsFile = (dir: string): string => join(dir, "settings.json");
/** What retention believes of the clock. */
export const ageClockFile = (dir: string): string => join(dir, "age-clock.json");
/** Seals what the index and `camera.json` hold of cameras' passwords. */
export const cameraKeyFile = (dir: string): string => join(dir, "camera-secrets.key");
export const footageFolder = (dir: string): string => join(dir, "footage");
export const cameraFolder = (dir: string, cameraId: string): string => join(dir, "footage", cameraId);
export const sessionFolder = (dir: string, cameraId: string, session: string): string =>
  join(dir, "footage", cameraId, session);
export const initFile = (dir: string, cameraId: string, session: string): string =>
  join(sessionFolder(dir, cameraId, session), INIT_FILE);
export const cameraTimeFile = (dir: string, cameraId: string, session: string): string =>
  join(sessionFolder(dir, cameraId, session), CAMERA_TIME_FILE);
export const footageFileName = (number: number): string => `${String(number).padStart(5, "0")}.m4s`;
/** @param folder of its session */
export const footageFilePath = (folder: string, number: number): string =>
  join(folder, footageFileName(number));
export const thumbnailFolder = (dir: string, cameraId: string, session: string): string =>
  join(dir, "thumbnails", cameraId, session);

/** @param startUtcMs when the recorder was started; the session's name, unique within its camera */
export const sessionName = (startUtcMs: number): string => String(startUtcMs).padStart(13, "0");
