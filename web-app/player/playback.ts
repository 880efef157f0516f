import videojs from "video.js";
import { promptSeeks } from "#shared/page/prompt-seeks.ts";
import { positionBesideGap, INSIDE_FRAME_S, type ShownRun } from "../wall-clock/shown-time.ts";
import { FrameClock } from "./frame-clock.ts";
import { FrameTimes, type ReadFrames } from "./frame-times.ts";
import { Seeker } from "./seeker.ts";

export interface PlaybackSources {
  /** HLS of the consolidated video. */
  readonly playlistPath: string;
  /** Where the first shown frame stands on the stream's time line, seconds; 0 in the file. */
  readonly streamStartS: number;
  /** The same as one MP4 file; played when the stream fails. */
  readonly filePath: string;
  readonly durationS: number;
  /** Where it begins, seconds from the first shown frame. */
  readonly startS: number;
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
  readonly #video: HTMLVideoElement;
  readonly #seeker: Seeker;
  /** The element itself waits for footage. */
  #isStalled = true;

  constructor(host: HTMLElement, sources: PlaybackSources) {
    this.#sources = sources;
    const element = document.createElement("video-js");
    host.append(element);
    this.#player = videojs(element, OPTIONS);
    const video = element.querySelector("video");
    // The region `Player` is ours and holds the controls too; a second one would only confuse.
    for (const name of ["role", "aria-label"]) element.removeAttribute(name);
    if (video === null) throw new Error("video.js made no video element.");
    this.#video = video;
    const frameTimes = new FrameTimes(sources.readFrames);
    this.frames = new FrameClock(video, sources.streamStartS, (mediaS) => frameTimes.startAt(mediaS));
    this.#seeker = new Seeker(this.#within(sources.startS), {
      element: this.#element(),
      frameBeside: (...question) => frameTimes.beside(...question),
      shownS: () => this.frames.shownS,
      later: (run, afterMs) => void window.setTimeout(run, afterMs),
      onChange: () => this.#change({}),
    });
    this.frames.subscribe((mediaS) => this.#seeker.shown(mediaS));
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
    this.#seeker.seek(this.#within(mediaS));
  }

  /** Seconds forward, or backward when negative, from the picture shown or that is under way. */
  jump(seconds: number): void {
    this.#seeker.jump((fromS) => this.#within(this.#beside(fromS + seconds, seconds > 0)));
  }

  /** Pauses and shows the next frame, or the one before when negative. */
  step(frameCount: 1 | -1): void {
    this.#player.pause();
    this.#seeker.step(frameCount);
  }

  setSpeed(speed: number): void {
    this.#player.playbackRate(speed);
  }

  dispose(): void {
    this.#seeker.dispose();
    this.frames.stop();
    this.#listeners.clear();
    this.#player.dispose();
  }

  #beside(mediaS: number, forward: boolean): number {
    return positionBesideGap(mediaS, forward ? "forward" : "backward", this.#sources.runs);
  }

  /** While playing, a gap is passed at once. */
  #passGap(): void {
    const mediaS = this.#positionS();
    const onwards = this.#beside(mediaS, true);
    const isGoing = this.#video.seeking || this.#seeker.isUnderWay;
    if (this.#state.playing && !isGoing && onwards > mediaS) this.seek(onwards);
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
    return this.#video.currentTime - this.#firstShownS();
  }

  /**
   * The element and not video.js is sent: what video.js is asked for while it opens a source it asks for again later,
   * when a picture has come, and at the beginning if it was asked for something else meanwhile.
   */
  #element() {
    const [video, positionS] = [this.#video, () => this.#positionS()];
    return {
      get mediaS() {
        return positionS();
      },
      get isSeeking() {
        return video.seeking;
      },
      get isPlaying() {
        return !video.paused && !video.ended;
      },
      get speed() {
        return video.playbackRate;
      },
      send: (mediaS: number) => {
        video.currentTime = this.#within(mediaS) + this.#firstShownS();
      },
    };
  }

  #play(): void {
    if (this.#player.ended() && !this.#seeker.isUnderWay) this.seek(0);
    this.#player.play()?.catch((error: unknown) => {
      // A pause that follows at once aborts playing; everything else comes as an error event too.
      if (error instanceof DOMException && error.name === "AbortError") return;
      this.#change({ playing: false });
    });
  }

  #listen(): void {
    const player = this.#player;
    player.on("loadedmetadata", () => this.#opened());
    player.on("loadeddata", () => this.#change({ phase: "ready" }));
    player.on("play", () => {
      this.#seeker.played();
      this.#change({ playing: true });
    });
    player.on(["pause", "ended"], () => this.#change({ playing: false }));
    player.on("pause", () => this.#standStill());
    player.on(["waiting", "seeking"], () => this.#stall(true));
    player.on(["playing", "canplay", "seeked", "loadeddata"], () => this.#stall(false));
    player.on("ratechange", () => this.#change({ speed: player.playbackRate() ?? 1 }));
    player.on("timeupdate", () => this.#passGap());
    player.on("seeked", () => this.#seeker.seeked());
    player.on("error", () => this.#failed());
  }

  /** Before the first picture has come: those before the first shown one are never on the screen. */
  #opened(): void {
    this.frames.changeSource(this.#firstShownS());
    this.#seeker.opened();
  }

  /**
   * Firefox may stop with another picture than the last one that it told: going to the frame that was told makes one of
   * the two.
   */
  #standStill(): void {
    if (!this.#player.ended() && !this.#seeker.isUnderWay) this.#seeker.step(0);
  }

  #stall(isStalled: boolean): void {
    this.#isStalled = isStalled;
    this.#change({});
  }

  /** The stream's failure is answered with the file, from the same position; the file's is final. */
  #failed(): void {
    if (this.#state.source === "file") {
      this.#change({ phase: "failed", playing: false });
      return;
    }
    const { playing, speed } = this.#state;
    this.#seeker.closed();
    this.#isStalled = true;
    this.#change({ source: "file", phase: "opening", playing: false });
    this.#player.src({ src: this.#sources.filePath, type: "video/mp4" });
    this.#player.one("loadeddata", () => {
      this.#player.playbackRate(speed);
      if (playing) this.#play();
    });
  }

  #change(changed: Partial<Omit<PlaybackState, "waiting">>): void {
    const next = { ...this.#state, ...changed };
    const waiting = next.phase !== "failed" && (this.#isStalled || this.#seeker.isWaiting);
    this.#state = { ...next, waiting };
    for (const listener of this.#listeners) listener();
  }
}
