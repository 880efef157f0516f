import { rm } from "node:fs/promises";
import type { CameraProblem, CameraSource } from "#shared/archive-api/archive-api.ts";
import type { CameraState } from "#shared/domain/camera.ts";
import { sessionIndexer, type SessionIndexer } from "../index/session-indexer.ts";
import type { FootageIndex } from "../index/footage-index.ts";
import { sentenceOf, type Log } from "../log.ts";
import { backoffMs } from "./backoff.ts";
import type { DiskRoom } from "./disk-room.ts";
import { locateFfmpeg } from "./ffmpeg-location.ts";
import { startRecorder, type RecorderProcess } from "./recorder-process.ts";
import { watchSegments, type SegmentWatch } from "./segment-watch.ts";
import { recorderInput, type RecorderInput } from "./recorder-input.ts";
import { probeSource } from "./source-streams.ts";

/** A session is ended after this long; the next one takes over without a hole. */
export const SESSION_MAX_MS = 3_600_000;

/** A recorder that has delivered nothing for this long has lost its camera. */
const SILENCE_MS = 15_000;

/** A recorder that has delivered nothing for this long hangs, whatever the reason, and is ended. */
const STALL_MS = 60_000;

/** A first try that has delivered nothing for this long, and has not failed either, counts as one in vain. */
const CONNECT_MS = 30_000;

/** What is said of a camera that can be reached, or has not refused yet, and of which nothing arrives. */
const SILENT: CameraProblem = { code: "NO_SIGNAL", message: "nothing arrives from the camera" };

const SECRETS_LOST = "the camera's password cannot be read; enter it again in Settings, Cameras";

/** How long to wait before another successor is tried when one delivered nothing. */
const SUCCESSOR_RETRY_MS = 60_000;

export interface CameraRecorderOptions {
  readonly dir: string;
  readonly cameraId: string;
  /** Null where its secrets cannot be read: nothing is recorded. */
  readonly source: CameraSource | null;
  readonly index: FootageIndex;
  readonly log: Log;
  /** Where it is absent, recording goes on until the disk refuses. */
  readonly disk?: DiskRoom;
  readonly sessionMaxMs?: number;
  readonly stallMs?: number;
  readonly connectMs?: number;
  /** Wanted length of segments. */
  readonly segmentSeconds?: number;
}

interface Session {
  readonly process: RecorderProcess;
  /** Resolves when the process is gone and its last segment is indexed. */
  readonly ended: Promise<string>;
  /** By the clock that only goes forward: the wall's may be set. */
  lastSegmentMs: number | null;
  hasFormatChanged: boolean;
}

/** When something began: for people, and to measure how long it lasts whatever the wall's clock does. */
interface Beginning {
  readonly utcMs: number;
  readonly monotonicMs: number;
}

const now = (): Beginning => ({ utcMs: Date.now(), monotonicMs: performance.now() });

/** Why nothing is recorded at the moment. */
type Obstacle = Exclude<CameraProblem["code"], "SOUND_LEFT_OUT">;

class RecordingRefused extends Error {
  readonly code: Obstacle;

  constructor(code: Obstacle, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Keeps one camera recorded: starts a recorder, and another whenever one ends, for ever. ffmpeg exits
 * with 0 when a camera goes away, so any exit that was not asked for is a loss.
 */
export class CameraRecorder {
  readonly #options: CameraRecorderOptions;
  readonly #indexer: SessionIndexer;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #streams: readonly string[] | null = null;
  #soundLeftOut: string | null = null;
  #obstacle: CameraProblem | null = null;
  /** When a try began that nothing speaks against yet; null once it has delivered or failed. */
  #connecting: Beginning | null = now();
  /** Sessions that ended while their segments could not be indexed. */
  #unfinished: SegmentWatch[] = [];
  #current: Session | null = null;
  #successor: Session | null = null;

  constructor(options: CameraRecorderOptions) {
    this.#options = options;
    this.#indexer = sessionIndexer(options.dir, options.cameraId, options.index);
    this.#running = this.#run().catch((error: unknown) => this.#log(`recorder stopped: ${String(error)}`));
  }

  get state(): CameraState {
    if (this.#stopping.signal.aborted) return "stopped";
    const last = this.#current?.lastSegmentMs ?? null;
    if (last !== null && performance.now() - last < SILENCE_MS) return "recording";
    return this.connectingSinceUtcMs === null ? "no-signal" : "connecting";
  }

  /** Since when a first try is under way; null when there is none, or it has been given time enough. */
  get connectingSinceUtcMs(): number | null {
    const begun = this.#connecting;
    if (begun === null || this.#obstacle !== null || this.#stopping.signal.aborted) return null;
    const passedMs = performance.now() - begun.monotonicMs;
    return passedMs < (this.#options.connectMs ?? CONNECT_MS) ? begun.utcMs : null;
  }

  /** Why less is recorded than there should be; null when all is well, or a first try is under way. */
  get problem(): CameraProblem | null {
    switch (this.state) {
      case "stopped":
      case "connecting":
        return null;
      case "no-signal":
        return this.#obstacle ?? SILENT;
      case "recording":
        if (this.#soundLeftOut === null) return null;
        return { code: "SOUND_LEFT_OUT", message: this.#soundLeftOut };
    }
  }

  /** Ends recording; resolves when the last segment is closed and indexed. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#stopSessions();
    await this.#running;
  }

  #stopSessions(): void {
    this.#current?.process.stop();
    this.#successor?.process.stop();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const endWatch = this.#options.disk?.onFull(() => this.#stopSessions());
    let failures = 0;
    while (!signal.aborted) {
      await this.#untilRoom();
      await this.#finishSessions();
      const last = await this.#recordOnce();
      if (signal.aborted) break;
      if (last.hasFormatChanged) {
        this.#log("the picture's format changed; a new session begins");
        this.#connecting = now();
        continue;
      }
      failures = last.hasDelivered ? 1 : failures + 1;
      const waitMs = backoffMs(failures);
      this.#obstacle = { code: last.code, message: last.reason };
      this.#connecting = null;
      this.#log(`nothing is recorded (${last.reason}); next try in ${(waitMs / 1000).toFixed(1)} s`);
      await pause(waitMs, signal);
    }
    endWatch?.();
  }

  async #untilRoom(): Promise<void> {
    const { disk } = this.#options;
    if (disk?.isFull !== true) return;
    this.#obstacle = { code: "DISK_FULL", message: "The archive's disk is full; nothing is recorded." };
    await disk.untilRoom(this.#stopping.signal);
  }

  async #finishSessions(): Promise<void> {
    const left: SegmentWatch[] = [];
    for (const watch of this.#unfinished) if ((await watch.finish()) === "unfinished") left.push(watch);
    this.#unfinished = left;
  }

  /** One session and its successors, from their start to their end. */
  async #recordOnce(): Promise<{
    code: Obstacle;
    reason: string;
    hasDelivered: boolean;
    hasFormatChanged: boolean;
  }> {
    try {
      const session = await this.#start();
      const { reason, last } = await this.#follow(session);
      const hasDelivered = last.lastSegmentMs !== null;
      if (!hasDelivered) this.#streams = null;
      return { code: codeOf(reason), reason, hasDelivered, hasFormatChanged: last.hasFormatChanged };
    } catch (error) {
      const reason = sentenceOf(error);
      const code = error instanceof RecordingRefused ? error.code : codeOf(reason);
      return { code, reason, hasDelivered: false, hasFormatChanged: false };
    }
  }

  /** Follows a session and its successors until there is none; answers the last one and why it ended. */
  async #follow(first: Session): Promise<{ reason: string; last: Session }> {
    this.#current = first;
    for (;;) {
      const session: Session = this.#current;
      const takeOver = this.#prepareSuccessor(session);
      const reason = await session.ended;
      const next = await takeOver();
      if (next === null || this.#stopping.signal.aborted) {
        this.#current = null;
        return { reason, last: session };
      }
      this.#current = next;
    }
  }

  /**
   * Starts a successor when the session is old enough, and ends the session as soon as the successor has
   * a segment, so that the two overlap; the index shows the newer one from its start on.
   * @returns a function to call after the session's end, which gives the successor if there is a living one
   */
  #prepareSuccessor(session: Session): () => Promise<Session | null> {
    let isOver = false;
    let starting: Promise<Session | null> = Promise.resolve(null);
    const tryOnce = async (): Promise<Session | null> => {
      if (isOver || this.#stopping.signal.aborted) return null;
      // The source may have got sound, or lost it, within the hour.
      this.#streams = null;
      const successor = await this.#start(() => session.process.stop());
      this.#successor = successor;
      void successor.ended.then(() => {
        if (successor.lastSegmentMs === null) retry();
      });
      return successor;
    };
    const begin = (): void => {
      starting = tryOnce().catch((error: unknown) => {
        this.#log(`no successor of the session: ${sentenceOf(error)}`);
        retry();
        return null;
      });
    };
    const retry = (): void => {
      if (!isOver) timer = setTimeout(begin, SUCCESSOR_RETRY_MS);
    };
    let timer = setTimeout(begin, this.#options.sessionMaxMs ?? SESSION_MAX_MS);
    return async () => {
      isOver = true;
      clearTimeout(timer);
      const successor = await starting;
      this.#successor = null;
      if (this.#stopping.signal.aborted) await successor?.ended;
      return successor;
    };
  }

  /** @throws RecordingRefused, or Node's own error when the session's folder cannot be made */
  async #start(onFirstSegment?: () => void): Promise<Session> {
    const { dir, cameraId, source, sessionMaxMs = SESSION_MAX_MS, segmentSeconds } = this.#options;
    if (source === null) throw new RecordingRefused("NO_SIGNAL", SECRETS_LOST);
    const ffmpeg = locateFfmpeg();
    if (ffmpeg === null) throw new RecordingRefused("FFMPEG_MISSING", "ffmpeg was not found");
    this.#streams ??= await this.#probe(ffmpeg, source);
    this.#stopping.signal.throwIfAborted();
    const choices = { streams: this.#streams, ...(segmentSeconds === undefined ? {} : { segmentSeconds }) };
    const input = await recorderInput(source);
    this.#stopIfAsked(input);
    const { given } = input;
    try {
      const recorder = startRecorder({ dir, cameraId, source: given, ffmpeg, sessionMaxMs, choices });
      return this.#supervise({ ...recorder, ended: endedWith(recorder, input) }, onFirstSegment);
    } catch (error) {
      input.close();
      throw error;
    }
  }

  /** The archive may have been asked to stop while a gate was opened. */
  #stopIfAsked(input: RecorderInput): void {
    if (!this.#stopping.signal.aborted) return;
    input.close();
    this.#stopping.signal.throwIfAborted();
  }

  async #probe(ffmpeg: string, source: CameraSource): Promise<readonly string[]> {
    const input = await recorderInput(source);
    const found = await probeSource(ffmpeg, this.#options.dir, input.given, this.#stopping.signal).finally(
      input.close,
    );
    if (found.kind === "failed") throw new RecordingRefused("NO_SIGNAL", input.trouble() ?? found.reason);
    if (found.soundLeftOut !== null && found.soundLeftOut !== this.#soundLeftOut)
      this.#log(found.soundLeftOut);
    this.#soundLeftOut = found.soundLeftOut;
    return found.streams;
  }

  #supervise(recorder: RecorderProcess, onFirstSegment?: () => void): Session {
    const stall = setTimeout(() => {
      this.#log("the recorder hangs and is ended");
      recorder.stop();
    }, this.#options.stallMs ?? STALL_MS);
    const onIndexed = (hasFormatChanged: boolean): void => {
      const isFirst = session.lastSegmentMs === null;
      session.lastSegmentMs = performance.now();
      this.#connecting = null;
      this.#obstacle = null;
      session.hasFormatChanged ||= hasFormatChanged;
      stall.refresh();
      if (hasFormatChanged) recorder.stop();
      else if (isFirst) onFirstSegment?.();
    };
    const watch = watchSegments(recorder.folder, recorder.session, this.#indexer, onIndexed, this.#log);
    const ended = recorder.ended.then(async (reason) => {
      clearTimeout(stall);
      const outcome = await watch.finish();
      if (outcome === "unfinished") this.#unfinished.push(watch);
      // A camera that is away for days would otherwise leave an empty folder for every try.
      if (outcome === "no-segments") await rm(recorder.folder, { recursive: true, force: true });
      return reason;
    });
    const session: Session = { process: recorder, ended, lastSegmentMs: null, hasFormatChanged: false };
    return session;
  }

  readonly #log = (line: string): void => this.#options.log(`${this.#options.cameraId}: ${line}`);
}

/** The gate knows better than ffmpeg why a camera behind it was not reached. */
async function endedWith(recorder: RecorderProcess, input: RecorderInput): Promise<string> {
  const words = await recorder.ended;
  input.close();
  return input.trouble() ?? words;
}

const codeOf = (reason: string): Obstacle =>
  /ENOSPC|No space left on device/.test(reason) ? "DISK_FULL" : "NO_SIGNAL";

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener("abort", finish);
  });
}
