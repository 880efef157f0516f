import { rm } from "node:fs/promises";
import type { CameraSource } from "#shared/archive-api/archive-api.ts";
import type { CameraState } from "#shared/domain/camera.ts";
import { sessionIndexer, type SessionIndexer } from "../index/session-indexer.ts";
import type { FootageIndex } from "../index/footage-index.ts";
import type { Log } from "../log.ts";
import { backoffMs } from "./backoff.ts";
import { locateFfmpeg } from "./ffmpeg-location.ts";
import { startRecorder, type RecorderProcess } from "./recorder-process.ts";
import { watchSegments } from "./segment-watch.ts";

/** A session is ended after this long; the next one takes over without a hole. */
export const SESSION_MAX_MS = 3_600_000;

/** A recorder that has delivered nothing for this long has lost its camera. */
const SILENCE_MS = 15_000;

/** How long to wait before another successor is tried when one delivered nothing. */
const SUCCESSOR_RETRY_MS = 60_000;

export interface CameraRecorderOptions {
  readonly dir: string;
  readonly cameraId: string;
  readonly source: CameraSource;
  readonly index: FootageIndex;
  readonly log: Log;
  readonly sessionMaxMs?: number;
}

interface Session {
  readonly process: RecorderProcess;
  /** Resolves when the process is gone and its last segment is indexed. */
  readonly ended: Promise<string>;
  lastSegmentMs: number | null;
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
    return last !== null && Date.now() - last < SILENCE_MS ? "recording" : "no-signal";
  }

  /** Ends recording; resolves when the last segment is closed and indexed. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#current?.process.stop();
    this.#successor?.process.stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    let failures = 0;
    while (!signal.aborted) {
      const session = this.#start();
      const reason =
        session === null ? "ffmpeg was not found; nothing is recorded" : await this.#follow(session);
      if (signal.aborted) return;
      failures = session !== null && session.lastSegmentMs !== null ? 1 : failures + 1;
      const waitMs = backoffMs(failures);
      this.#log(`no signal (${reason}); next try in ${(waitMs / 1000).toFixed(1)} s`);
      await pause(waitMs, signal);
    }
  }

  /** Follows a session and its successors until there is none; answers why the last one ended. */
  async #follow(first: Session): Promise<string> {
    this.#current = first;
    for (;;) {
      const session: Session = this.#current;
      const takeOver = this.#prepareSuccessor(session);
      const reason = await session.ended;
      const next = await takeOver();
      if (next === null || this.#stopping.signal.aborted) {
        this.#current = null;
        return reason;
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
    let successor: Session | null = null;
    const begin = (): void => {
      if (this.#stopping.signal.aborted) return;
      successor = this.#start(() => session.process.stop());
      this.#successor = successor;
      void successor?.ended.then(() => {
        if (successor?.lastSegmentMs !== null) return;
        successor = null;
        timer = setTimeout(begin, SUCCESSOR_RETRY_MS);
      });
    };
    let timer = setTimeout(begin, this.#options.sessionMaxMs ?? SESSION_MAX_MS);
    return async () => {
      clearTimeout(timer);
      this.#successor = null;
      if (this.#stopping.signal.aborted) await successor?.ended;
      return successor;
    };
  }

  #start(onFirstSegment?: () => void): Session | null {
    const ffmpeg = locateFfmpeg();
    if (ffmpeg === null) return null;
    const { dir, cameraId, source, sessionMaxMs = SESSION_MAX_MS } = this.#options;
    const recorder = startRecorder({ dir, cameraId, source, ffmpeg, sessionMaxMs });
    const onIndexed = (): void => {
      const isFirst = session.lastSegmentMs === null;
      session.lastSegmentMs = Date.now();
      if (isFirst) onFirstSegment?.();
    };
    const watch = watchSegments(recorder.folder, recorder.session, this.#indexer, onIndexed, this.#log);
    const ended = recorder.ended.then(async (reason) => {
      await watch.finish();
      // A camera that is away for days would otherwise leave an empty folder for every try.
      if (session.lastSegmentMs === null) await rm(recorder.folder, { recursive: true, force: true });
      return reason;
    });
    const session: Session = { process: recorder, ended, lastSegmentMs: null };
    return session;
  }

  readonly #log = (line: string): void => this.#options.log(`${this.#options.cameraId}: ${line}`);
}

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
