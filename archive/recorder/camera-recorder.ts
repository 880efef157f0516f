import { setTimeout as sleep } from "node:timers/promises";
import type { CameraSource, ToldCameraProblem } from "#shared/archive-api/archive-api.ts";
import type { CameraState, LeftOut } from "#shared/domain/camera.ts";
import { formatRoughDuration } from "#shared/words/durations.ts";
import type { SessionAges } from "../index/session-ages.ts";
import { sessionIndexer } from "../index/session-indexer.ts";
import type { FootageIndex } from "../index/footage-index.ts";
import { sentenceOf, type Log } from "../ground/log.ts";
import { cameraClockProblem } from "./camera-clock.ts";
import type { DiskRoom } from "./disk-room.ts";
import { usableFfmpeg } from "./ffmpeg-version.ts";
import type { ClockJump } from "./frames/frame-dater.ts";
import type { FrameSink } from "./frames/frame-sink.ts";
import { monotonicUs } from "./frames/wall-clock.ts";
import { FrameSilence } from "./frame-silence.ts";
import { FILE_SECONDS } from "./recorder-command.ts";
import { recorderInput, type RecorderInput } from "./recorder-input.ts";
import { startRecorder, type RecorderProcess, type RecorderRequest } from "./recorder-process.ts";
import { FootageFileIndexing } from "./footage-file-indexing.ts";
import { type Obstacle, RecordingRefused } from "./recording-refused.ts";
import { probeSource, type UsedFfmpeg } from "./source-streams.ts";
import { LearnedOptions } from "./learned-options.ts";
import { TransportChoice } from "./transport-choice.ts";

/** A session is ended at the first key frame after this; the next one begins with that frame. */
export const SESSION_MAX_MS = 3_600_000;

/** A recorder that has given out nothing for this long, whatever the reason, is ended. */
const STALL_MS = 60_000;

/** A first try that has delivered nothing for this long, and has not failed either, counts as one in vain. */
const CONNECT_MS = 30_000;

/** Between tries in vain: it doubles from the first to the longest, with which it goes on for ever. */
const WAIT_FIRST_MS = 1_000;
const WAIT_LONGEST_MS = 30_000;

/** A camera that has been written for this long is recorded, though none of its footage files is finished. */
const WRITTEN_MS = 15_000;

/** What is said of a camera that can be reached, or has not refused yet, and of which nothing arrives. */
const SILENT: ToldCameraProblem = { code: "NO_SIGNAL", message: "nothing arrives from the camera" };

const SECRETS_LOST = "the camera's password cannot be read; enter it again in Settings, Cameras";

/** What ffmpeg says of a camera that refuses the only way of sending that it may ask for. */
const TRANSPORT_REFUSED = /Protocol not supported/;

/** What ffmpeg says when the clock of a camera with B-frames went back: it cannot write that. */
const WENT_BACK = /Not yet implemented in FFmpeg/;

export interface CameraRecorderOptions {
  readonly dir: string;
  readonly cameraId: string;
  /** Null where its secrets cannot be read: nothing is recorded. */
  readonly source: CameraSource | null;
  readonly index: FootageIndex;
  /** Where it is absent, footage ages by its own dates. */
  readonly ages?: SessionAges;
  readonly log: Log;
  /** Where it is absent, recording goes on until the disk refuses. */
  readonly disk?: DiskRoom;
  /** Gets each frame as soon as it has its instant. */
  readonly live?: FrameSink;
  readonly sessionMaxMs?: number;
  readonly stallMs?: number;
  readonly connectMs?: number;
  /** Wanted length of footage files. */
  readonly fileSeconds?: number;
}

/** One life of the recorder. */
interface Life {
  readonly process: RecorderProcess;
  readonly input: RecorderInput;
  readonly silence: FrameSilence;
  /** When its first frame was written, by the clock that only goes forward. */
  writingSinceMs: number | null;
  hasDelivered: boolean;
  hasFormatChanged: boolean;
}

/** When something began: for people, and to measure how long it lasts whatever the wall's clock does. */
interface Beginning {
  readonly utcMs: number;
  readonly monotonicMs: number;
}

const now = (): Beginning => ({ utcMs: Date.now(), monotonicMs: performance.now() });

/**
 * Keeps one camera recorded: starts a recorder, and another whenever one ends, for ever. ffmpeg exits
 * with 0 when a camera goes away, so any exit that was not asked for is a loss.
 */
export class CameraRecorder {
  readonly #options: CameraRecorderOptions;
  readonly #indexing: FootageFileIndexing;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #streams: readonly string[] | null = null;
  #leftOut: readonly LeftOut[] = [];
  #soundLeftOut: string | null = null;
  #obstacle: ToldCameraProblem | null = null;
  /** When a try began that nothing speaks against yet; null once it has delivered or failed. */
  #connecting: Beginning | null = now();
  #current: Life | null = null;
  readonly #manner = new LearnedOptions();
  readonly #transport: TransportChoice;
  /** The camera's clock went back, which ended the recorder. */
  #behindJump: ClockJump | null = null;

  constructor(options: CameraRecorderOptions) {
    this.#options = options;
    this.#transport = new TransportChoice(options.source, this.#log);
    const indexer = sessionIndexer(options, options.ages);
    this.#indexing = new FootageFileIndexing(indexer, this.#log);
    this.#running = this.#run().catch((error: unknown) => this.#log(`recorder stopped: ${String(error)}`));
  }

  get state(): CameraState {
    if (this.#stopping.signal.aborted) return "stopped";
    if (this.#current?.hasDelivered === true && !this.#current.silence.isSilent) return "recording";
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
  get problem(): ToldCameraProblem | null {
    switch (this.state) {
      case "stopped":
      case "connecting":
        return null;
      case "no-signal":
        return this.#obstacle ?? SILENT;
      case "recording":
        return this.#clockProblem() ?? this.#soundProblem();
    }
  }

  #clockProblem(): ToldCameraProblem | null {
    const clock = this.#current?.process.cameraClock() ?? null;
    return clock === null ? null : cameraClockProblem(clock, monotonicUs());
  }

  #soundProblem(): ToldCameraProblem | null {
    return this.#soundLeftOut === null ? null : { code: "SOUND_LEFT_OUT", message: this.#soundLeftOut };
  }

  /** Ends recording; resolves when the last footage file is closed and indexed. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#stopSessions();
    await this.#running;
  }

  #stopSessions(): void {
    this.#current?.process.stop();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const endWatch = this.#options.disk?.onFull(() => this.#stopSessions());
    let failures = 0;
    while (!signal.aborted) {
      await this.#untilRoom();
      await this.#indexing.retry();
      const last = await this.#recordOnce();
      if (signal.aborted) break;
      if (last.hasFormatChanged) {
        this.#log("the picture's format changed; a new session begins");
        this.#connecting = now();
        continue;
      }
      if (last.hasDelivered && WENT_BACK.test(last.reason)) {
        this.#log("the camera's clock went back; a new session begins");
        this.#behindJump = { byUs: last.jumpedUs, atUs: monotonicUs() };
        this.#connecting = now();
        continue;
      }
      if (last.hasLearnt) continue;
      failures = last.hasDelivered ? 1 : failures + 1;
      const waitMs = backoffMs(failures);
      this.#obstacle = { code: last.code, message: last.reason };
      this.#connecting = null;
      this.#log(`nothing is recorded (${last.reason}); next try in ${formatRoughDuration(waitMs)}`);
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

  /** One life of the recorder, from its start to its end. */
  async #recordOnce(): Promise<{
    code: Obstacle;
    reason: string;
    hasDelivered: boolean;
    hasFormatChanged: boolean;
    /** The next try goes about it otherwise. */
    hasLearnt: boolean;
    /** By what the camera's clock jumped last, null where that is not known. */
    jumpedUs: number | null;
  }> {
    try {
      const life = await this.#start();
      this.#current = life;
      if (this.#stopping.signal.aborted) life.process.stop();
      const reason = await life.process.ended;
      const { hasDelivered, hasFormatChanged } = life;
      const hasLearnt = !hasDelivered && this.#manner.learn(reason);
      if (!hasDelivered && !hasLearnt) this.#doubt(reason, life.input);
      const jumpedUs = life.input.stamps()?.lastJump?.byUs ?? null;
      return { code: codeOf(reason), reason, hasDelivered, hasFormatChanged, hasLearnt, jumpedUs };
    } catch (error) {
      const reason = sentenceOf(error);
      const code = error instanceof RecordingRefused ? error.code : codeOf(reason);
      const nothing = { hasDelivered: false, hasFormatChanged: false, hasLearnt: false, jumpedUs: null };
      return { code, reason, ...nothing };
    } finally {
      this.#current = null;
    }
  }

  /** What was known of a camera may no longer be so. */
  #doubt(reason: string, input: RecorderInput): void {
    this.#transport.noteFailure(input.refusesTransport() || TRANSPORT_REFUSED.test(reason));
    this.#streams = null;
  }

  get #ratio(): string | null {
    const { source } = this.#options;
    return source?.kind === "rtsp" ? (source.ratio ?? null) : null;
  }

  /** @throws RecordingRefused, or Node's own error when the camera's folder cannot be made */
  async #start(): Promise<Life> {
    const { source } = this.#transport;
    if (source === null) throw new RecordingRefused("NO_SIGNAL", SECRETS_LOST);
    const ffmpeg = await usableFfmpeg();
    this.#streams ??= await this.#probe(ffmpeg, source);
    this.#stopping.signal.throwIfAborted();
    const input = await recorderInput(source, () => this.#noteOtherCodec(input));
    this.#stopIfAsked(input);
    try {
      const hasSharedTimes = this.#streams.length > 1 && !this.#manner.hasUntimedFrames;
      const choices = {
        streams: this.#streams,
        isProbed: this.#manner.isProbed,
        hasSharedTimes,
        ffmpegMajor: ffmpeg.major,
      };
      return this.#supervise({ input, ffmpeg: ffmpeg.path, choices });
    } catch (error) {
      input.close();
      throw error;
    }
  }

  /** A camera that was recorded is asked at once what it sends now; one that always said otherwise is in the wrong. */
  #noteOtherCodec(input: RecorderInput): void {
    const life = this.#current;
    if (life?.input !== input) return;
    life.hasFormatChanged ||= life.hasDelivered;
    life.process.stop();
  }

  /** The archive may have been asked to stop while a gate was opened. */
  #stopIfAsked(input: RecorderInput): void {
    if (!this.#stopping.signal.aborted) return;
    input.close();
    this.#stopping.signal.throwIfAborted();
  }

  async #probe(ffmpeg: UsedFfmpeg, source: CameraSource): Promise<readonly string[]> {
    const input = await recorderInput(source);
    const asked = { dir: this.#options.dir, source: input.given };
    const found = await probeSource(ffmpeg, asked, this.#stopping.signal).finally(input.close);
    if (found.kind === "refused") throw new RecordingRefused("PICTURE_REFUSED", input.named(found.reason));
    if (found.kind === "failed") {
      this.#transport.noteFailure(input.refusesTransport() || TRANSPORT_REFUSED.test(found.reason));
      throw new RecordingRefused("NO_SIGNAL", input.fault() ?? input.named(found.reason));
    }
    if (found.soundLeftOut !== null && found.soundLeftOut !== this.#soundLeftOut)
      this.#log(found.soundLeftOut);
    this.#soundLeftOut = found.soundLeftOut;
    this.#leftOut = found.leftOut;
    return found.streams;
  }

  #supervise(started: Pick<RecorderRequest, "input" | "ffmpeg" | "choices">): Life {
    const { dir, cameraId, sessionMaxMs = SESSION_MAX_MS, fileSeconds = FILE_SECONDS } = this.#options;
    const silence = new FrameSilence(this.#options.stallMs ?? STALL_MS, () => {
      this.#log("the recorder hangs and is ended");
      life.process.stop();
    });
    const recorder = startRecorder({
      ...{ ...started, dir, cameraId },
      live: this.#options.live ?? null,
      ...{ sessionUs: sessionMaxMs * 1000, fileUs: fileSeconds * 1_000_000 },
      ...{ leftOut: this.#leftOut, ratio: this.#ratio, behindJump: this.#behindJump },
      onFrame: () => {
        silence.heard();
        this.#noteFrame(life);
      },
      onWritten: () => this.#noteWriting(life),
      onFile: (session, number) =>
        void this.#indexing.add(session, number).then(() => this.#noteDelivery(life)),
      onNewFormat: ({ codec, width, height }) =>
        this.#log(`the picture's format changed to ${codec}, ${width}×${height}; a new session begins`),
      onFormatChanged: () => {
        life.hasFormatChanged = true;
        life.process.stop();
      },
    });
    this.#behindJump = null;
    const ended = endedWith(recorder, started.input).then(async (reason) => {
      silence.close();
      await this.#indexing.retry();
      return reason;
    });
    const life: Life = {
      ...{ process: { ...recorder, ended }, input: started.input, silence },
      ...{ writingSinceMs: null, hasDelivered: false, hasFormatChanged: false },
    };
    return life;
  }

  /** A camera that sends has time until its next key frame, with which recording begins. */
  #noteFrame(life: Life): void {
    if (life.hasDelivered || this.#connecting === null) return;
    this.#connecting = { ...this.#connecting, monotonicMs: performance.now() };
  }

  /** Most cameras have a footage file soon; of one with few key frames the frames that are written must do. */
  #noteWriting(life: Life): void {
    life.writingSinceMs ??= performance.now();
    if (performance.now() - life.writingSinceMs > WRITTEN_MS) this.#noteDelivery(life);
  }

  #noteDelivery(life: Life): void {
    if (life.hasDelivered) return;
    life.hasDelivered = true;
    this.#connecting = null;
    this.#obstacle = null;
  }

  readonly #log = (line: string): void => this.#options.log(`${this.#options.cameraId}: ${line}`);
}

/** The gate knows better than ffmpeg why a camera behind it was not reached. */
async function endedWith(recorder: RecorderProcess, input: RecorderInput): Promise<string> {
  const words = await recorder.ended;
  input.close();
  return input.fault() ?? input.named(words);
}

const codeOf = (reason: string): Obstacle =>
  /ENOSPC|No space left on device/.test(reason) ? "DISK_FULL" : "NO_SIGNAL";

/** With jitter, so that cameras lost together do not come back together. @param failures in a row, from 1 */
function backoffMs(failures: number): number {
  const ceiling = Math.min(WAIT_LONGEST_MS, WAIT_FIRST_MS * 2 ** Math.min(failures - 1, 16));
  return Math.round(ceiling * (0.5 + Math.random() / 2));
}

/** Resolves after a time, or as soon as the signal is aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
