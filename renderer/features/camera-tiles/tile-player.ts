/**
 * One tile's pictures: live, or recorded at an instant, at any speed in both directions. Runs outside of
 * React; what the tile shows of it is `state`, which changes rarely, and `place`, which runs. It is long because
 * what is asked for, what is open and what is on the screen change together here; each of its parts has its own file.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import { archiveNow } from "../../main-process-client/holdings.ts";
import { liveAddress } from "./archive-video/archive-source.ts";
import { loadFootage } from "./footage-load.ts";
import { FrameSteps } from "./frame-steps.ts";
import { FrozenPicture } from "./frozen-picture.ts";
import { liveConnection, LivePicture } from "./live-frames/live-picture.ts";
import { pictureFormat } from "./live-frames/picture-format.ts";
import { ReturnToFrames } from "./live-frames/return-to-frames.ts";
import { keepLive } from "./live-keeper.ts";
import { lastInstant, PARSED_PLAYLIST_TYPE } from "./archive-video/playback-playlist.ts";
import { isStepped } from "./playback-speeds.ts";
import type { Playback } from "./playback.ts";
import { PlayerPlace } from "./player-place.ts";
import { LIVE_STATE, type PlayerState } from "./player-state.ts";
import { isTakenForLive, LIVE_EDGE_MS } from "./taken-for-live.ts";
import { RetryPause } from "./retry-pause.ts";
import { SentVideo } from "./sent-video.ts";
import { SourceOpening } from "./source-opening.ts";
import { SteppedPlay } from "./stepped-play.ts";
import {
  createBarePlayer,
  openSource,
  startPlaying,
  type BarePlayer,
} from "./archive-video/video-element.ts";

const HLS_TYPE = "application/vnd.apple.mpegurl";

export class TilePlayer {
  readonly state: StoreApi<PlayerState> = createStore<PlayerState>(() => LIVE_STATE);
  readonly #cameraId: string;
  readonly #bare: BarePlayer;
  /** Where its pictures are. */
  readonly place: PlayerPlace;
  readonly #sent: SentVideo;
  #load = new AbortController();
  readonly #retry = new RetryPause();
  readonly #stepped: SteppedPlay;
  /** Ends what keeps recorded pictures near to the present. */
  #stopKeeping: (() => void) | null = null;
  readonly #wayBack: ReturnToFrames;
  readonly #frozen: FrozenPicture;
  readonly #steps: FrameSteps;
  /** Of recorded footage. */
  readonly #opening = new SourceOpening();
  /** Of the recorded footage that is open it is known that it can be decoded. */
  #isCodecKnown = false;

  constructor(host: HTMLElement, cameraId: string) {
    this.#cameraId = cameraId;
    this.#steps = new FrameSteps(cameraId);
    this.#bare = createBarePlayer(host);
    const { player, video } = this.#bare;
    this.place = new PlayerPlace(this.#bare, this.state, this.#opening);
    this.#sent = new SentVideo(this.#bare, this.place);
    this.#wayBack = new ReturnToFrames(cameraId, liveConnection);
    this.#frozen = new FrozenPicture(host, video);
    this.#stepped = new SteppedPlay(this.#bare, {
      readSpeed: () => (this.state.getState().status === "ready" ? this.state.getState().speed : null),
      readMediaSegments: () => this.place.openMediaSegments(),
      onStep: (utcMs) => {
        this.place.targetUtcMs = utcMs;
        this.place.live?.stepAway();
      },
      onOutside: (utcMs) => this.#loadAround(utcMs, false, true),
      onPresent: () => {
        this.state.setState({ speed: 1 });
        this.showLive();
      },
    });
    player.on("error", () => this.#failed());
    player.on("ended", () => this.#reachedEnd());
    video.addEventListener("loadstart", () => this.#opening.begin());
    video.addEventListener("playing", () => this.#showsPictures());
    video.addEventListener("seeked", () => this.#sent.hasArrived() && this.#showsPictures());
  }

  /** The picture, for a snapshot. */
  get video(): HTMLVideoElement {
    return this.#bare.video;
  }

  showLive(): void {
    this.#newLoad();
    this.place.targetUtcMs = null;
    this.place.mediaSegments = [];
    this.state.setState(LIVE_STATE);
    if (!this.#wayBack.isPausing) return this.#showFrames();
    if (this.#wayBack.unplayable !== null) return this.#showsNothing(this.#wayBack.unplayable);
    this.#open(liveAddress(this.#cameraId), HLS_TYPE);
    this.#stopKeeping = keepLive(this.#cameraId, this.#bare, () => this.showLive());
    this.#wayBack.look(
      () => this.#backToFrames(),
      () => this.#frozen.isPossible,
    );
  }

  /** The picture on the screen stays until there is a newer one. */
  #backToFrames(): void {
    this.#frozen.freeze();
    const { status } = this.state.getState();
    this.#newLoad();
    this.place.mediaSegments = [];
    this.state.setState({ ...LIVE_STATE, status });
    this.#showFrames();
  }

  /** There is no decoder here for what the camera sends; it may send something else later. */
  #showsNothing(codec: string): void {
    this.#frozen.drop();
    this.#newLoad();
    const nothing = { status: "unplayable", gapUtcMs: null, nextFootageUtcMs: null } as const;
    this.state.setState({ ...nothing, format: pictureFormat(codec) });
    if (this.state.getState().mode === "live") this.#wayBack.look(() => this.showLive());
  }

  #showFrames(): void {
    this.place.live = new LivePicture(this.#cameraId, this.#bare, {
      onPictures: () => this.#showsPictures(),
      onLost: () => {
        if (this.state.getState().mode === "live") this.state.setState({ status: "retrying" });
      },
      onRefused: (why) => this.#withoutFrames(why),
      onUnplayable: (codec) => {
        this.#wayBack.leave(codec);
        this.#showsNothing(codec);
      },
      onEnd: (isLive) => {
        if (isLive) this.#backToFrames();
        else this.#loadAround(this.place.instant() ?? archiveNow());
      },
      onNotHeld: (utcMs) => this.#loadAround(utcMs),
      readShownUtcMs: () => this.place.lookAtFrame(),
    });
    this.#run(true);
  }

  /** Live pictures come as they are recorded instead: later, and always. */
  #withoutFrames(why: string): void {
    console.warn(`Live pictures of ${this.#cameraId} are played as they are recorded: ${why}.`);
    this.#wayBack.leave();
    const { mode } = this.state.getState();
    const instant = this.place.instant();
    if (mode === "live" || instant === null) this.showLive();
    else this.#loadAround(instant);
  }

  /** Shows an instant of the past, playing on or standing still. */
  showAt(utcMs: number, isPaused = this.state.getState().isPaused): void {
    const isPresent = isTakenForLive(utcMs, isPaused, this.place.live?.mediaSegments ?? []);
    if (isPresent && this.state.getState().speed > 0) return this.showLive();
    this.#sendTo(utcMs, isPaused);
  }

  /** Goes on with what another player showed. A picture that stood stands, however near to the present. */
  resume({ utcMs, isPaused, speed }: Playback): void {
    this.state.setState({ speed });
    if (isPaused) this.#sendTo(utcMs, true);
    else this.showAt(utcMs, false);
  }

  #sendTo(utcMs: number, isPaused: boolean): void {
    // A player that failed shows nothing, wherever it is sent.
    const isHeld =
      this.place.live !== null || (this.state.getState().mode === "playback" && !this.#retry.isWaiting);
    this.place.mediaSegments = this.place.live?.mediaSegments ?? this.place.mediaSegments;
    this.state.setState({ mode: "playback", isPaused });
    const mediaSeconds = isHeld ? this.place.mediaAt(utcMs) : null;
    const { isUnderWay, hasBegun } = this.#opening;
    if (mediaSeconds === null && !isUnderWay) return this.#loadAround(utcMs);
    this.place.isSent = true;
    this.place.targetUtcMs = utcMs;
    if (this.place.live !== null) this.place.holdLive(utcMs);
    else if (mediaSeconds !== null && (hasBegun || !isUnderWay)) this.#sent.send(mediaSeconds);
    // What is on its way is shown from there, and plays until then.
    if (!isUnderWay) this.#run();
  }

  play(): void {
    const { mode } = this.state.getState();
    const instant = this.place.instant();
    if (mode === "live") return this.showLive();
    this.state.setState({ isPaused: false });
    if (instant !== null && this.place.isHidden) return this.#loadAround(instant, false, true);
    if (instant !== null && this.place.mediaSegments.length === 0) return this.showAt(instant, false);
    this.#run();
  }

  /** Live pictures that are paused become playback at that instant. */
  pause(): void {
    this.place.lookAtFrame();
    // The middle of the frame on the screen: what is loaded anew shows this one and not its neighbour.
    const instant = this.place.shown().picture?.endUtcMs ?? this.place.instant();
    const { mode } = this.state.getState();
    this.state.setState({ isPaused: true });
    if (mode === "live" && this.place.live === null && instant !== null) {
      this.#frozen.freeze();
      return this.#loadAround(instant, true);
    }
    this.place.isSent = false;
    this.#sent.forget();
    this.#run();
    if (this.place.live === null || instant === null) return;
    this.state.setState({ mode: "playback" });
    this.place.targetUtcMs = null;
    this.place.live.holdShown();
  }

  setSpeed(speed: number): void {
    const instant = this.place.instant();
    this.state.setState({ speed, isPaused: false });
    if (this.state.getState().mode === "live" && speed !== 1 && instant !== null) {
      this.state.setState({ mode: "playback" });
      if (this.place.live === null) return this.#loadAround(instant);
      this.place.holdLive(instant);
    }
    if (instant !== null && this.place.isHidden && this.state.getState().mode === "playback")
      return this.#loadAround(instant, false, true);
    this.#run();
  }

  jump(deltaMs: number): void {
    const instant = this.place.instant() ?? archiveNow();
    this.showAt(instant + deltaMs);
  }

  /** One picture on or back from the one on the screen; a tile that plays stands still before. */
  stepFrame(direction: 1 | -1): void {
    if (!this.state.getState().isPaused) this.pause();
    const step = this.place.live?.step(direction) ?? "outside";
    if (step !== "outside") return;
    const start = this.place.stepStart();
    if (start === null || this.#steps.knows(start)) return this.#stepRecorded(direction);
    void this.#steps.load(start.utcMs).then(() => {
      const { mode, isPaused } = this.state.getState();
      if (mode === "playback" && isPaused) this.#stepRecorded(direction);
    });
  }

  #stepRecorded(direction: 1 | -1): void {
    const next = this.place.beside(this.#steps, direction);
    if (next !== null) this.#sendTo(next, true);
  }

  dispose(): void {
    this.#newLoad();
    this.#frozen.drop();
    this.place.dispose();
    this.#bare.player.dispose();
  }

  /** Gives up what is under way: loading, stepping, waiting to try again. */
  #newLoad(): AbortSignal {
    this.#load.abort();
    this.#load = new AbortController();
    this.#retry.cancel();
    this.#stepped.end();
    this.#stopKeeping?.();
    this.#stopKeeping = null;
    this.#wayBack.stop();
    this.place.live?.close();
    this.place.live = null;
    this.#opening.end();
    this.#sent.forget();
    this.place.forgetFrame(this.#frozen.isShown);
    return this.#load.signal;
  }

  #open(address: string, type: string, startUtcMs: number | null = null): void {
    if (startUtcMs !== null) this.#opening.open(startUtcMs);
    openSource(this.#bare.player, address, type);
    this.#run(true);
  }

  /** @param isPlayingOn play came there by itself: where nothing was recorded it goes on behind, or before */
  #loadAround(utcMs: number, isPaused = this.state.getState().isPaused, isPlayingOn = false): void {
    const signal = this.#newLoad();
    this.#bare.video.pause();
    this.place.targetUtcMs = utcMs;
    this.#opening.ask();
    this.place.isSent = true;
    this.state.setState({ mode: "playback", status: "loading", isPaused, gapUtcMs: null });
    void loadFootage({ cameraId: this.#cameraId, utcMs }, signal, {
      readTargetUtcMs: () => this.place.targetUtcMs ?? utcMs,
      isBackwards: () => !this.state.getState().isPaused && this.state.getState().speed < 0,
      isPlayingOn: () => isPlayingOn && !this.state.getState().isPaused,
      onFootage: ({ mediaSegments, source, startUtcMs, isCodecKnown }) => {
        this.place.mediaSegments = mediaSegments;
        this.#isCodecKnown = isCodecKnown;
        this.#open(source, PARSED_PLAYLIST_TYPE, startUtcMs);
      },
      onGap: (gapUtcMs) => this.#enterGap(gapUtcMs),
      onNextFootage: (nextFootageUtcMs) => this.state.setState({ nextFootageUtcMs }),
      onAgain: (againUtcMs) => this.#loadAround(againUtcMs, undefined, isPlayingOn && againUtcMs === utcMs),
      onUnplayable: (codec, nextUtcMs) => this.#enterUnplayable(codec, nextUtcMs),
      onFailed: () => this.#failed(),
    });
  }

  #enterGap(gapUtcMs: number): void {
    this.#hideSource();
    this.place.targetUtcMs = null;
    this.state.setState({ status: "gap", gapUtcMs, nextFootageUtcMs: null });
  }

  /** There are pictures of then that this computer cannot show; where it is stays where it was asked for. */
  #enterUnplayable(codec: string, nextFootageUtcMs: number | null): void {
    this.#hideSource();
    this.state.setState({ status: "unplayable", format: pictureFormat(codec), nextFootageUtcMs });
  }

  /** What is open is of another time: nothing in it can be shown or gone to. */
  #hideSource(): void {
    this.place.mediaSegments = [];
    this.#opening.end();
    this.#frozen.drop();
    this.#bare.player.pause();
  }

  /**
   * Brings the player in line with what is wanted.
   * @param isNewSource it starts by playing whatever is wanted: only then is a first picture loaded
   */
  #run(isNewSource = false): void {
    const { isPaused, speed } = this.state.getState();
    const { player } = this.#bare;
    this.#stepped.end();
    const rate = isStepped(speed) ? 1 : speed;
    // A browser begins each new source at the default, whatever the rate was.
    this.#bare.video.defaultPlaybackRate = rate;
    player.playbackRate(rate);
    if (isPaused && !isNewSource) return player.pause();
    this.place.live?.playHeld();
    if (isStepped(speed) && !isNewSource) return this.#startStepping();
    startPlaying(player);
  }

  #showsPictures(): void {
    if (this.place.isHidden && this.place.live === null) return;
    const place = this.#opening.shows(this.place.targetUtcMs);
    const { status, isPaused, speed } = this.state.getState();
    if (place === "before") return;
    if (place === "elsewhere") return this.#goElsewhere(isPaused);
    this.#retry.reset();
    this.#wayBack.arrive();
    if (status !== "ready") this.state.setState({ status: "ready", gapUtcMs: null });
    if (isPaused && !this.#bare.video.paused) return this.#sent.standStill();
    this.#frozen.giveWay();
    this.place.targetUtcMs = null;
    if (!isPaused && isStepped(speed) && !this.#stepped.isRunning) this.#startStepping();
  }

  /** The first picture of a source that was sent on while it was opened. */
  #goElsewhere(isPaused: boolean): void {
    if (this.place.mediaAt(this.place.targetUtcMs) === null)
      this.#loadAround(this.place.targetUtcMs ?? archiveNow());
    else if (isPaused) this.#sent.standStill();
    else this.#sent.sendToTarget();
  }

  #startStepping(): void {
    this.#sent.forget();
    const instant = this.place.instant();
    if (instant !== null) this.#stepped.start(instant);
  }

  /** The loaded piece is over: the next one, or the present. */
  #reachedEnd(): void {
    // It was sent elsewhere, or paused, when that was on its way to us.
    if (!this.#bare.video.ended || this.#opening.isUnderWay || this.state.getState().isPaused) return;
    const endUtcMs = lastInstant(this.place.mediaSegments);
    if (endUtcMs === null || endUtcMs > archiveNow() - LIVE_EDGE_MS * 2) return this.showLive();
    this.#loadAround(endUtcMs + 1, false, true);
  }

  /** Pictures stopped: tried again after a pause that doubles, for as long as the tile is there. */
  #failed(): void {
    if (this.place.live !== null) return this.#withoutFrames("the player failed");
    const isUndecoded = this.state.getState().mode === "live" || !this.#isCodecKnown;
    if (this.#wayBack.unplayable !== null && isUndecoded) return this.#showsNothing(this.#wayBack.unplayable);
    const instant =
      this.place.targetUtcMs ?? (this.state.getState().mode === "live" ? null : this.place.instant());
    this.#frozen.drop();
    this.#newLoad();
    // A recorder that has just begun has nothing to show for a moment; that is no trouble yet.
    this.state.setState({ status: this.#retry.isRepeated ? "retrying" : "loading" });
    this.#retry.start(() => {
      if (instant === null) this.showLive();
      else this.#loadAround(instant);
    });
  }
}
