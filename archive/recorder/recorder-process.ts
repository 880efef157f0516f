import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CameraSource } from "#shared/archive-api/archive-api.ts";
import { cameraFolder, sessionFolder, sessionName } from "../archive-folder.ts";
import { sentenceOf } from "../log.ts";
import { writeSessionFile } from "../index/session-indexer.ts";
import { findInPath } from "./ffmpeg-location.ts";
import { loopDelayMs, loopList, nextLoopStartMs } from "./loop-clip.ts";
import {
  LOOP_LIST_FILE,
  recorderArguments,
  withoutSecrets,
  type RecorderChoices,
} from "./recorder-command.ts";

/** How long ffmpeg may take to close its last segment before it is killed. */
const STOP_PATIENCE_MS = 4_000;

/** A loop's list outlasts the session, which goes on until its successor has a first segment. */
const LOOP_RESERVE_MS = 600_000;

export interface RecorderRequest {
  readonly dir: string;
  readonly cameraId: string;
  readonly source: CameraSource;
  readonly ffmpeg: string;
  readonly sessionMaxMs: number;
  readonly choices?: RecorderChoices;
}

/** One recording session: a folder and the ffmpeg that fills it. */
export interface RecorderProcess {
  readonly session: string;
  readonly folder: string;
  /** Resolves when the process is gone, with the last words it wrote, secrets removed. Never rejects. */
  readonly ended: Promise<string>;
  /** Asks it to close its last segment and end; kills it when it does not. */
  stop(): void;
}

/** Prepares the session's folder and starts its recorder, a loop at the instant it is in step with the wall clock. */
export function startRecorder(request: RecorderRequest): RecorderProcess {
  const { dir, cameraId, source } = request;
  const startUtcMs = source.kind === "loop" ? nextLoopStartMs(Date.now()) : Date.now();
  const session = makeSessionFolder(dir, cameraId, startUtcMs);
  const folder = sessionFolder(dir, cameraId, session);
  let delayMs = 0;
  if (source.kind === "loop") {
    writeFileSync(
      join(folder, LOOP_LIST_FILE),
      loopList(dir, source.file, startUtcMs, request.sessionMaxMs + LOOP_RESERVE_MS),
    );
    writeSessionFile(folder, { startUs: startUtcMs * 1000, baseTime: null });
    delayMs = loopDelayMs(startUtcMs, Date.now());
  }
  return { session, folder, ...supervise(request, session, folder, delayMs) };
}

function makeSessionFolder(dir: string, cameraId: string, startUtcMs: number): string {
  mkdirSync(cameraFolder(dir, cameraId), { recursive: true });
  for (let nameMs = startUtcMs; ; nameMs++) {
    const name = sessionName(nameMs);
    // Created here and nowhere else: an existing folder means that the name is taken.
    if (mkdirSync(sessionFolder(dir, cameraId, name), { recursive: true }) !== undefined) return name;
  }
}

function supervise(
  request: RecorderRequest,
  session: string,
  folder: string,
  delayMs: number,
): Pick<RecorderProcess, "ended" | "stop"> {
  let child: ChildProcess | undefined;
  let killTimer: NodeJS.Timeout | undefined;
  const { promise, resolve } = Promise.withResolvers<string>();
  const record = recorderRecord(request, session);
  const startTimer = setTimeout(() => {
    let lastWords = "";
    const finish = (words: string): void => {
      clearTimeout(killTimer);
      rmSync(record, { force: true });
      resolve(withoutSecrets(words.trim(), request.source));
    };
    child = spawnBound(request.ffmpeg, recorderArguments(request.source, folder, request.choices));
    const onRecord = writeRecord(record, child, folder);
    if (onRecord !== null) child.kill("SIGKILL");
    lastWords = onRecord ?? "";
    child.stderr
      ?.setEncoding("utf8")
      .on("data", (text: string) => (lastWords = (lastWords + text).slice(-500)));
    child.once("error", (error) => finish(error.message));
    child.once("close", (code, signal) => finish(lastWords === "" ? `ended (${signal ?? code})` : lastWords));
  }, delayMs);
  const stop = (): void => {
    clearTimeout(startTimer);
    if (child === undefined) return resolve("stopped before it was started");
    child.kill("SIGTERM");
    killTimer ??= setTimeout(() => child?.kill("SIGKILL"), STOP_PATIENCE_MS);
  };
  return { ended: promise, stop };
}

/** A recorder that is not on record could outlive a crash, so it must not run. Answers why that failed, or null. */
function writeRecord(path: string, child: ChildProcess, folder: string): string | null {
  try {
    if (child.pid !== undefined) writeFileSync(path, JSON.stringify({ pid: child.pid, folder }));
    return null;
  } catch (error) {
    return sentenceOf(error);
  }
}

/** Where the running recorder of a session is written down for the sweep after a crash. */
function recorderRecord(request: RecorderRequest, session: string): string {
  return join(cameraFolder(request.dir, request.cameraId), `recorder-${session}.json`);
}

/** Starts a program that the system kills when this process ends, however it ends, where it can do that. */
function spawnBound(program: string, parameters: string[]): ChildProcess {
  const options = { stdio: ["ignore", "ignore", "pipe"] as ["ignore", "ignore", "pipe"] };
  const setpriv = process.platform === "linux" ? findInPath("setpriv") : null;
  if (setpriv === null) return spawn(program, parameters, options);
  return spawn(setpriv, ["--pdeathsig", "KILL", program, ...parameters], options);
}
