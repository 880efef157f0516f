import videojs from "video.js";
import { besideGap, type ShownRun } from "../wall-clock/shown-time.ts";
import { FrameClock } from "./frame-clock.ts";

export interface PlaybackSources {
  /** HLS of the consolidated video. */
  readonly playlistPath: string;
  /** Where the first shown frame stands on the stream's time line, seconds; 0 in the file. */
  readonly streamStartS: number;
  /** The same as one MP4 file; played when the stream fails. */
  readonly filePath: string;
  readonly durationS: number;
  /** Length of one frame, seconds. */
  readonly frameS: number;
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
  /** Where the last seek of a drag wants to go while an earlier one is under way. */
  #wantedS: number | null = null;
  /** Where frame steps stand whose picture has not come yet. */
  #steppedS: number | null = null;

  constructor(host: HTMLElement, sources: PlaybackSources) {
    this.#sources = sources;
    const element = document.createElement("video-js");
    host.append(element);
    this.#player = videojs(element, OPTIONS);
    const video = element.querySelector("video");
    // The region `Player` is ours and holds the controls too; a second one would only confuse.
    for (const name of ["role", "aria-label"]) element.removeAttribute(name);
    if (video === null) throw new Error("video.js made no video element.");
    this.frames = new FrameClock(video, () => this.#firstShownS());
    this.frames.subscribe(() => {
      this.#steppedS = null;
    });
    this.#listen();
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

  /** Goes to a position; of many in a row (a drag) only the newest is kept while one is under way. */
  seek(mediaS: number): void {
    this.#steppedS = null;
    this.#goTo(mediaS);
  }

  /** Goes to the frame that begins at a position. */
  seekToFrameAt(mediaS: number): void {
    this.seek(mediaS + this.#sources.frameS / 2);
  }

  /** Seconds forward, or backward when negative, from the picture shown. */
  jump(seconds: number): void {
    const from = this.#wantedS ?? this.#positionS();
    this.seek(this.#beside(from + seconds, seconds > 0));
  }

  /** Pauses and shows the next frame, or the one before when negative. */
  step(frameCount: 1 | -1): void {
    this.#player.pause();
    const { frameS } = this.#sources;
    const from = this.#steppedS ?? this.frames.shownS ?? this.#positionS();
    // Into the middle of the frame: its very edge may be taken for its neighbour.
    const middle = this.#beside(from + frameCount * frameS + frameS / 2, frameCount > 0);
    this.#goTo(middle);
    this.#steppedS = middle - frameS / 2;
  }

  setSpeed(speed: number): void {
    this.#player.playbackRate(speed);
  }

  dispose(): void {
    this.frames.stop();
    this.#listeners.clear();
    this.#player.dispose();
  }

  #beside(mediaS: number, forward: boolean): number {
    return besideGap(mediaS, forward ? "forward" : "backward", this.#sources.runs, this.#sources.frameS);
  }

  /** While playing, a gap is passed at once. */
  #passGap(): void {
    const mediaS = this.#positionS();
    const onwards = this.#beside(mediaS, true);
    if (this.#state.playing && !this.#player.seeking() && onwards > mediaS) this.#goTo(onwards);
  }

  #goTo(mediaS: number): void {
    const { durationS, frameS } = this.#sources;
    // At the ends half a frame inside: before the first frame lies pre-roll, which nobody asked for.
    const wantedS = Math.max(frameS / 2, Math.min(mediaS, durationS - frameS / 2));
    if (this.#player.seeking()) this.#wantedS = wantedS;
    else this.#show(wantedS);
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
    if (this.#player.ended()) this.seekToFrameAt(0);
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
    player.on(["waiting", "seeking"], () => this.#change({ waiting: true }));
    player.on(["playing", "canplay"], () => this.#change({ waiting: false }));
    player.on("ratechange", () => this.#change({ speed: player.playbackRate() ?? 1 }));
    player.on("timeupdate", () => this.#passGap());
    player.on("seeked", () => this.#seeked());
    player.on("error", () => this.#failed());
  }

  #opened(): void {
    this.#change({ phase: "ready", waiting: false });
    if (this.#positionS() <= 0) this.seekToFrameAt(0);
  }

  #seeked(): void {
    const wantedS = this.#wantedS;
    this.#wantedS = null;
    if (wantedS === null) this.#change({ waiting: false });
    else this.#show(wantedS);
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
      this.#show(positionS);
      this.#player.playbackRate(speed);
      if (playing) this.#play();
    });
  }

  #change(changed: Partial<PlaybackState>): void {
    this.#state = { ...this.#state, ...changed };
    for (const listener of this.#listeners) listener();
  }
}
