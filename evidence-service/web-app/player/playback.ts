import videojs from "video.js";
import { promptSeeks } from "#shared/page/prompt-seeks.ts";
import { besideGap, INSIDE_FRAME_S, type ShownRun } from "../wall-clock/shown-time.ts";
import { FrameClock } from "./frame-clock.ts";
import { type Frame, FrameTimes, type ReadFrames } from "./frame-times.ts";

export interface PlaybackSources {
  /** HLS of the consolidated video. */
  readonly playlistPath: string;
  /** Where the first shown frame stands on the stream's time line, seconds; 0 in the file. */
  readonly streamStartS: number;
  /** The same as one MP4 file; played when the stream fails. */
  readonly filePath: string;
  readonly durationS: number;
  /** When the frames around a position begin. */
  readonly readFrames: ReadFrames;
  readonly runs: readonly ShownRun[];
}

export interface PlaybackState {
  readonly phase: "opening" | "ready" | "failed";
  readonly source: "stream" | "file";
  readonly playing: boolean;
  /** Footage is awaited: after a seek, or because the network is slow. */
  readonly waiting: boolean;
  readonly speed: number;
}

/** How a frame is gone to that another is shown for. */
const DETOURS = 2;
const DETOUR_S = 0.25;
const AIM_CHECKED_AFTER_MS = 150;
const SAME_FRAME_S = 0.001;

const AT_FIRST: PlaybackState = {
  phase: "opening",
  source: "stream",
  playing: false,
  waiting: true,
  speed: 1,
};

/** Only the picture comes from video.js; controls are our own. */
const OPTIONS = {
  controls: false,
  preload: "auto",
  fill: true,
  muted: true,
  playsinline: true,
  bigPlayButton: false,
  controlBar: false,
  titleBar: false,
  liveTracker: false,
  errorDisplay: false,
  loadingSpinner: false,
  posterImage: false,
  textTrackDisplay: false,
  textTrackSettings: false,
  // Chromium answers "maybe" to native HLS; what plays must be the same everywhere.
  html5: { vhs: { overrideNative: true }, nativeAudioTracks: false, nativeVideoTracks: false },
};

/**
 * One video.js player of one evidence, from opening to `dispose`. Positions are media seconds from
 * the first shown frame.
 */
export class Playback {
  readonly frames: FrameClock;
  readonly #player: ReturnType<typeof videojs>;
  readonly #sources: PlaybackSources;
  readonly #listeners = new Set<() => void>();
  #state: PlaybackState = AT_FIRST;
  /** Where the last seek of a drag wants to go while an earlier one is under way. */
  #wantedS: number | null = null;
  readonly #frameTimes: FrameTimes;
  /** Beginning of the frame that steps have reached, whether or not its picture has come; null: they begin at the one shown. */
  #steppedS: number | null = null;
  /** Steps are taken one after the other; going elsewhere drops those that wait. */
  #steps: Promise<void> = Promise.resolve();
  /** Where it is gone to, until the picture is there. */
  #targetS: number | null = null;
  #way = Symbol("way");
  /** The frame that was gone to, and how often it may still be gone to by a detour. */
  #aim: { readonly frame: Frame; detours: number } | null = null;

  constructor(host: HTMLElement, sources: PlaybackSources) {
    this.#sources = sources;
    const element = document.createElement("video-js");
    host.append(element);
    this.#player = videojs(element, OPTIONS);
    const video = element.querySelector("video");
    // The region `Player` is ours and holds the controls too; a second one would only confuse.
    for (const name of ["role", "aria-label"]) element.removeAttribute(name);
    if (video === null) throw new Error("video.js made no video element.");
    this.#frameTimes = new FrameTimes(sources.readFrames);
    this.frames = new FrameClock(
      video,
      () => this.#firstShownS(),
      (mediaS) => this.#frameTimes.startAt(mediaS),
    );
    this.#listen();
    promptSeeks(this.#player);
    this.#player.src({ src: sources.playlistPath, type: "application/vnd.apple.mpegurl" });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): PlaybackState => this.#state;

  toggle(): void {
    if (this.#state.playing) this.#player.pause();
    else this.#play();
  }

  /** Goes to the frame at a position; of many in a row (a drag) only the newest is kept while one is under way. */
  seek(mediaS: number): void {
    const way = this.#goElsewhere();
    this.#targetS = this.#within(mediaS);
    void this.#frameTimes
      .beside(this.#targetS, 0, () => way === this.#way)
      .then((frame) => {
        if (way !== this.#way) return;
        this.#aimAt(frame);
        this.#goTo(frame?.insideS ?? mediaS);
      });
  }

  /** Seconds forward, or backward when negative, from the picture shown. */
  jump(seconds: number): void {
    // Before the first picture has come, the position is that of pre-roll, which nobody asked for.
    const from = this.#targetS ?? this.#within(this.#positionS());
    this.seek(this.#beside(from + seconds, seconds > 0));
  }

  /** Pauses and shows the next frame, or the one before when negative. */
  step(frameCount: 1 | -1): void {
    this.#player.pause();
    this.#stepBy(frameCount);
  }

  /** From the frame shown, or that steps have reached; 0 goes to that frame itself. */
  #stepBy(frameCount: 1 | 0 | -1): void {
    const way = this.#way;
    this.#steps = this.#steps.then(async () => {
      if (way !== this.#way) return;
      const from = this.#steppedS ?? this.frames.shownS ?? this.#positionS();
      const frame = await this.#frameTimes.beside(from, frameCount, () => way === this.#way);
      if (frame === null || way !== this.#way) return;
      this.#steppedS = frame.startS;
      this.#aimAt(frame);
      this.#goTo(frame.insideS);
    });
  }

  /** Drops what is still to be gone to. */
  #goElsewhere(): symbol {
    this.#steppedS = null;
    this.#targetS = null;
    this.#aim = null;
    this.#way = Symbol("way");
    return this.#way;
  }

  #aimAt(frame: Frame | null): void {
    this.#aim = frame === null ? null : { frame, detours: DETOURS };
  }

  /**
   * Browsers and their stream readers take a little less than what is there for enough, and show a frame after the one
   * that is wanted: from further back what is missing is fetched.
   */
  #checkAim(): void {
    const aim = this.#aim;
    window.setTimeout(() => {
      const { shownS } = this.frames;
      if (aim === null || aim !== this.#aim || shownS === null) return;
      if (this.#state.playing || this.#player.seeking()) return;
      if (Math.abs(shownS - aim.frame.startS) < SAME_FRAME_S || aim.detours === 0) return;
      aim.detours -= 1;
      this.#goTo(aim.frame.insideS - DETOUR_S);
      this.#wantedS = aim.frame.insideS;
    }, AIM_CHECKED_AFTER_MS);
  }

  setSpeed(speed: number): void {
    this.#player.playbackRate(speed);
  }

  dispose(): void {
    this.#goElsewhere();
    this.frames.stop();
    this.#listeners.clear();
    this.#player.dispose();
  }

  #beside(mediaS: number, forward: boolean): number {
    return besideGap(mediaS, forward ? "forward" : "backward", this.#sources.runs);
  }

  /** While playing, a gap is passed at once. */
  #passGap(): void {
    const mediaS = this.#positionS();
    const onwards = this.#beside(mediaS, true);
    const isGoing = this.#player.seeking() || this.#targetS !== null;
    if (this.#state.playing && !isGoing && onwards > mediaS) this.seek(onwards);
  }

  #goTo(mediaS: number): void {
    const wantedS = this.#within(mediaS);
    if (this.#player.seeking()) this.#wantedS = wantedS;
    else this.#show(wantedS);
  }

  /** At the ends inside the frame: before the first one lies pre-roll, which nobody asked for. */
  #within(mediaS: number): number {
    const { durationS, runs } = this.#sources;
    const firstS = runs[0]?.mediaStartS ?? 0;
    return Math.max(firstS + INSIDE_FRAME_S, Math.min(mediaS, durationS - INSIDE_FRAME_S));
  }

  #firstShownS(): number {
    return this.#state.source === "stream" ? this.#sources.streamStartS : 0;
  }

  #positionS(): number {
    return (this.#player.currentTime() ?? 0) - this.#firstShownS();
  }

  #show(mediaS: number): void {
    this.#player.currentTime(mediaS + this.#firstShownS());
  }

  #play(): void {
    this.#goElsewhere();
    if (this.#player.ended()) this.seek(0);
    this.#player.play()?.catch((error: unknown) => {
      // A pause that follows at once aborts playing; everything else comes as an error event too.
      if (error instanceof DOMException && error.name === "AbortError") return;
      this.#change({ playing: false });
    });
  }

  #listen(): void {
    const player = this.#player;
    player.on("loadeddata", () => this.#opened());
    player.on("play", () => this.#change({ playing: true }));
    player.on(["pause", "ended"], () => this.#change({ playing: false }));
    player.on("pause", () => this.#standStill());
    player.on(["waiting", "seeking"], () => this.#change({ waiting: true }));
    player.on(["playing", "canplay"], () => this.#change({ waiting: false }));
    player.on("ratechange", () => this.#change({ speed: player.playbackRate() ?? 1 }));
    player.on("timeupdate", () => this.#passGap());
    player.on("seeked", () => this.#seeked());
    player.on("error", () => this.#failed());
  }

  #opened(): void {
    this.#change({ phase: "ready", waiting: false });
    if (this.#positionS() <= 0) this.seek(0);
  }

  /**
   * Firefox may stop with another picture than the last one that it told: going to the frame that was told makes one of
   * the two.
   */
  #standStill(): void {
    if (!this.#player.ended() && this.#targetS === null) this.#stepBy(0);
  }

  #seeked(): void {
    const wantedS = this.#wantedS;
    this.#wantedS = null;
    if (wantedS !== null) return this.#show(wantedS);
    this.#targetS = null;
    this.#change({ waiting: false });
    this.#checkAim();
  }

  /** The stream's failure is answered with the file, from the same position; the file's is final. */
  #failed(): void {
    if (this.#state.source === "file") {
      this.#change({ phase: "failed", playing: false, waiting: false });
      return;
    }
    const positionS = this.frames.shownS ?? 0;
    const { playing, speed } = this.#state;
    this.#change({ source: "file", phase: "opening", playing: false, waiting: true });
    this.#player.src({ src: this.#sources.filePath, type: "video/mp4" });
    this.#player.one("loadeddata", () => {
      this.#show(this.#within(positionS + INSIDE_FRAME_S));
      this.#player.playbackRate(speed);
      if (playing) this.#play();
    });
  }

  #change(changed: Partial<PlaybackState>): void {
    this.#state = { ...this.#state, ...changed };
    for (const listener of this.#listeners) listener();
  }
}
