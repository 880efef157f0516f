import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { cameraFolder } from "../ground/archive-folder.ts";
import { sentenceOf } from "../ground/log.ts";
import type { CameraClock } from "./frames/camera-own-time.ts";
import { findInPath } from "./ffmpeg-location.ts";
import { RecordedStream, type RecordedStreamOptions } from "./frames/recorded-stream.ts";
import { loopDelayMs, loopList, nextLoopStartMs } from "./loop-clip.ts";
import { loopListFile, recorderArguments, withoutSecrets, type RecorderChoices } from "./recorder-command.ts";
import type { RecorderInput } from "./recorder-input.ts";
import { statedTrack } from "./stated-track.ts";

/** How long ffmpeg may take to end by itself when its source has ended, and then when it is told to. */
const END_PATIENCE_MS = 400;
const STOP_PATIENCE_MS = 400;

/** What ffmpeg says where packets that were sent by UDP did not come. */
const PACKETS_MISSED = /RTP: missed \d+ packets/;

/** A loop's list outlasts this; then the recorder is begun anew. */
const LOOP_MS = 7 * 24 * 3_600_000;

export interface RecorderRequest extends Omit<
  RecordedStreamOptions,
  "hasSound" | "hasSharedTimes" | "inStepFromUs" | "stamps" | "trackOf" | "onFailure" | "onClockSet"
> {
  readonly input: RecorderInput;
  readonly ffmpeg: string;
  readonly choices: RecorderChoices;
}

/** One life of ffmpeg on a camera, and what is written of it. */
export interface RecorderProcess {
  /** Resolves when the process is gone and all it gave out is written; with why, secrets removed. Never rejects. */
  readonly ended: Promise<string>;
  /** Ends it with the last frame that has arrived; kills it when it does not end. */
  stop(): void;
  /** What the camera's own clock did; null where frames are dated by it. */
  readonly cameraClock: () => CameraClock | null;
}

/** Starts a recorder, a loop at the instant it is in step with the wall clock. */
export function startRecorder(request: RecorderRequest): RecorderProcess {
  const { dir, cameraId, input } = request;
  mkdirSync(cameraFolder(dir, cameraId), { recursive: true });
  const list = loopListFile(dir, cameraId);
  if (input.given.kind !== "loop") return supervise(request, list, null);
  const startUtcMs = nextLoopStartMs(Date.now());
  writeFileSync(list, loopList(resolve(dir, input.given.file), startUtcMs, LOOP_MS));
  return supervise(request, list, startUtcMs);
}

function supervise(request: RecorderRequest, list: string, loopStartUtcMs: number | null): RecorderProcess {
  const run = new RecorderRun(request, list, loopStartUtcMs);
  return { ended: run.ended, stop: () => run.stop(), cameraClock: () => run.cameraClock };
}

/** A running ffmpeg: from its start to the moment when nothing of it is left to write. */
class RecorderRun {
  readonly ended: Promise<string>;
  readonly #request: RecorderRequest;
  readonly #stream: RecordedStream;
  readonly #record: string;
  readonly #resolve: (words: string) => void;
  readonly #startTimer: NodeJS.Timeout;
  #child: ChildProcess | undefined;
  #timers: NodeJS.Timeout[] = [];
  /** Why it was ended by us; counts more than ffmpeg's words. */
  #reason: string | null = null;
  #lastWords = "";
  #isStopping = false;

  constructor(request: RecorderRequest, list: string, loopStartUtcMs: number | null) {
    this.#request = request;
    const { promise, resolve } = Promise.withResolvers<string>();
    [this.ended, this.#resolve] = [promise, resolve];
    this.#record = join(cameraFolder(request.dir, request.cameraId), `recorder-${Date.now()}.json`);
    this.#stream = new RecordedStream({
      ...request,
      hasSound: request.choices.streams.length > 1,
      hasSharedTimes: request.choices.hasSharedTimes,
      stamps: request.input.stamps,
      inStepFromUs: loopStartUtcMs === null ? null : loopStartUtcMs * 1000,
      trackOf: (before, keyFrame) => statedTrack(request.ffmpeg, before, keyFrame),
      onFailure: (error) => this.#end(sentenceOf(error)),
      onClockSet: () => this.#end("the computer's clock was set"),
    });
    const delayMs = loopStartUtcMs === null ? 0 : loopDelayMs(loopStartUtcMs, Date.now());
    this.#startTimer = setTimeout(() => this.#start(list), delayMs);
  }

  get cameraClock(): CameraClock | null {
    return this.#stream.cameraClock;
  }

  stop(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    clearTimeout(this.#startTimer);
    if (this.#child === undefined) return this.#resolve("stopped before it was started");
    const { input } = this.#request;
    // What ends with its source gives out all that has arrived; a signal makes ffmpeg drop its last frames.
    const isEndable = input.given.kind === "rtsp" && input.isGated;
    if (isEndable) input.close();
    const askMs = isEndable ? END_PATIENCE_MS : 0;
    this.#timers = [
      setTimeout(() => this.#child?.kill("SIGTERM"), askMs),
      setTimeout(() => this.#child?.kill("SIGKILL"), askMs + STOP_PATIENCE_MS),
    ];
  }

  #end(reason: string): void {
    this.#reason ??= reason;
    this.stop();
  }

  #start(list: string): void {
    const { input, ffmpeg, choices } = this.#request;
    const child = spawnBound(
      ffmpeg,
      recorderArguments(input.given, list, choices),
      choices.streams.length > 1,
    );
    this.#child = child;
    const marker = input.given.kind === "rtsp" ? input.given.url : list;
    this.#reason ??= this.#writeRecord(child, marker);
    if (this.#reason !== null) child.kill("SIGKILL");
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-500);
      if (PACKETS_MISSED.test(text)) this.#stream.noteLoss();
    });
    child.stdout?.on("data", this.#guarded(this.#stream.addPicture));
    const sound = child.stdio[3];
    if (sound !== null && sound !== undefined && "setEncoding" in sound)
      sound.on("data", this.#guarded(this.#stream.addSound));
    child.once("error", (error) => void this.#finish(error.message));
    child.once("close", (code, signal) => void this.#finish(this.#lastWords || `ended (${signal ?? code})`));
  }

  /** What is no media ends the recorder, not the archive. */
  #guarded(take: (bytes: Buffer) => void): (bytes: Buffer) => void {
    return (bytes) => {
      try {
        if (this.#reason === null) take(bytes);
      } catch (error) {
        this.#end(sentenceOf(error));
      }
    };
  }

  async #finish(words: string): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    rmSync(this.#record, { force: true });
    await this.#stream.end().catch((error: unknown) => (this.#reason ??= sentenceOf(error)));
    this.#resolve(withoutSecrets((this.#reason ?? words).trim(), this.#request.input.given));
  }

  /** A recorder that is not on record could outlive a crash, so it must not run. Answers why that failed, or null. */
  #writeRecord(child: ChildProcess, marker: string): string | null {
    try {
      const content = JSON.stringify({ pid: child.pid, folder: marker });
      if (child.pid !== undefined) writeFileSync(this.#record, content);
      return null;
    } catch (error) {
      return sentenceOf(error);
    }
  }
}

/** Starts a program that the system kills when this process ends, however it ends, where it can do that. */
function spawnBound(program: string, parameters: string[], hasSound: boolean): ChildProcess {
  const stdio: ("ignore" | "pipe")[] = ["ignore", "pipe", "pipe", hasSound ? "pipe" : "ignore"];
  const setpriv = process.platform === "linux" ? findInPath("setpriv") : null;
  if (setpriv === null) return spawn(program, parameters, { stdio });
  return spawn(setpriv, ["--pdeathsig", "KILL", program, ...parameters], { stdio });
}
