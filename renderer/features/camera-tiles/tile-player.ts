/**
 * One tile's pictures: live, or recorded at an instant, at any speed in both directions. Runs outside of
 * React; what the tile shows of it is `state`, which changes rarely, and `instant()`, which runs. It is long because
 * what is asked for, what is open and what is on the screen change together here; each of its parts has its own file.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import { archiveNow } from "../../main-process-client/holdings.ts";
import { liveAddress } from "./archive-source.ts";
import { loadFootage } from "./footage-load.ts";
import {
  instantAtMedia,
  lastInstant,
  mediaAtInstant,
  PARSED_PLAYLIST_TYPE,
  type ClockSegment,
} from "./playback-playlist.ts";
import { measureFrameLength } from "./frame-length.ts";
import { FrameSteps, type StepStart } from "./frame-steps.ts";
import { FrozenPicture } from "./frozen-picture.ts";
import { liveConnection, LivePicture } from "./live-frames/live-picture.ts";
import { pictureFormat } from "./live-frames/picture-format.ts";
import { WayBack } from "./live-frames/way-back.ts";
import { keepLive } from "./live-keeper.ts";
import { isStepped } from "./playback-speeds.ts";
import {
  LIVE_STATE,
  shownInTile,
  UNKNOWN_FRAME_MS,
  type PlayerState,
  type ShownInTile,
} from "./player-state.ts";
import type { Playback } from "./playback.ts";
import { ShownFrame } from "./shown-frame.ts";
import { SentPlace } from "./sent-place.ts";
import { SourceOpening } from "./source-opening.ts";
import { RetryPause } from "./retry-pause.ts";
import { isTakenForLive, LIVE_EDGE_MS } from "./present.ts";
import { SteppedPlay } from "./stepped-play.ts";
import {
  createBarePlayer,
  liveSegments,
  openSource,
  startPlaying,
  type BarePlayer,
} from "./video-element.ts";

const HLS_TYPE = "application/vnd.apple.mpegurl";

export class TilePlayer {
  readonly state: StoreApi<PlayerState> = createStore<PlayerState>(() => LIVE_STATE);
  private readonly cameraId: string;
  private readonly bare: BarePlayer;
  private readonly frame: ShownFrame;
  private segments: readonly ClockSegment[] = [];
  private load = new AbortController();
  /** The instant that was asked for and is not shown yet. */
  private targetUtcMs: number | null = null;
  private readonly retry = new RetryPause();
  private measuredFrameMs: number | null = null;
  private readonly stepped: SteppedPlay;
  /** Ends what keeps recorded pictures near to the present. */
  private stopKeeping: (() => void) | null = null;
  /** What is open came live, frame by frame: of the present, or held since it was paused. */
  private live: LivePicture | null = null;
  private readonly wayBack: WayBack;
  private readonly frozen: FrozenPicture;
  private readonly steps: FrameSteps;
  /** Of recorded footage. */
  private readonly opening = new SourceOpening();
  private readonly sentPlace = new SentPlace();
  /** Recorded footage that stands was sent to where it stands. */
  private isSent = false;
  /** Of the recorded footage that is open it is known that it can be decoded. */
  private isCodecKnown = false;

  constructor(host: HTMLElement, cameraId: string) {
    this.cameraId = cameraId;
    this.steps = new FrameSteps(cameraId);
    this.bare = createBarePlayer(host);
    const { player, video } = this.bare;
    this.wayBack = new WayBack(cameraId, liveConnection);
    this.frozen = new FrozenPicture(host, video);
    this.stepped = new SteppedPlay(this.bare, {
      readSpeed: () => (this.state.getState().status === "ready" ? this.state.getState().speed : null),
      readSegments: () => this.openSegments(),
      onStep: (utcMs) => {
        this.targetUtcMs = utcMs;
        this.live?.stepAway();
      },
      onOutside: (utcMs) => this.loadAround(utcMs, false, true),
      onPresent: () => {
        this.state.setState({ speed: 1 });
        this.showLive();
      },
    });
    player.on("error", () => this.failed());
    player.on("ended", () => this.reachedEnd());
    video.addEventListener("loadstart", () => this.opening.begin());
    video.addEventListener("playing", () => this.showsPictures());
    video.addEventListener("seeked", () => this.arrived());
    this.frame = new ShownFrame(video, () => this.openSegments());
    measureFrameLength(video, (ms) => (this.measuredFrameMs = ms));
  }

  /** The instant of the picture shown, milliseconds UTC, or null while there is none. */
  instant(): number | null {
    const { status, gapUtcMs } = this.state.getState();
    if (status === "gap") return gapUtcMs;
    const askedUtcMs = this.targetUtcMs ?? this.live?.heldAtUtcMs ?? null;
    if (askedUtcMs !== null) return askedUtcMs;
    return instantAtMedia(this.openSegments(), this.bare.video.currentTime);
  }

  /** What is on the screen at this moment, to the frame: where playback is going does not count. */
  shown(): ShownInTile {
    const { status, gapUtcMs, mode } = this.state.getState();
    const shownUtcMs = status === "gap" ? null : this.frame.utcMs;
    // A tile that has only just been told to play has shown nothing yet.
    const askedUtcMs = mode === "live" ? null : (gapUtcMs ?? this.targetUtcMs ?? this.instant());
    return shownInTile(mode, shownUtcMs, askedUtcMs, this.frameMs);
  }

  /** The same, read off the picture itself, for what is named after its time. */
  look(): ShownInTile {
    this.frame.look();
    return this.shown();
  }

  /** The segments of what is open, on both clocks. */
  private openSegments(): readonly ClockSegment[] {
    const isLive = this.state.getState().mode === "live";
    if (this.live !== null) this.segments = this.live.segments;
    else if (isLive) this.segments = liveSegments(this.bare.player) ?? this.segments;
    return this.segments;
  }

  /** Length of a frame in milliseconds, or null while no pictures have told. */
  get frameMs(): number | null {
    return this.measuredFrameMs;
  }

  /** The picture, for a snapshot. */
  get video(): HTMLVideoElement {
    return this.bare.video;
  }

  showLive(): void {
    this.newLoad();
    this.targetUtcMs = null;
    this.segments = [];
    this.state.setState(LIVE_STATE);
    if (!this.wayBack.isPausing) return this.showFrames();
    if (this.wayBack.unplayable !== null) return this.showsNothing(this.wayBack.unplayable);
    this.open(liveAddress(this.cameraId), HLS_TYPE);
    this.stopKeeping = keepLive(this.cameraId, this.bare, () => this.showLive());
    this.wayBack.look(
      () => this.backToFrames(),
      () => this.frozen.isPossible,
    );
  }

  /** The picture on the screen stays until there is a newer one. */
  private backToFrames(): void {
    this.frozen.freeze();
    const { status } = this.state.getState();
    this.newLoad();
    this.segments = [];
    this.state.setState({ ...LIVE_STATE, status });
    this.showFrames();
  }

  /** There is no decoder here for what the camera sends; it may send something else later. */
  private showsNothing(codec: string): void {
    this.frozen.drop();
    this.newLoad();
    const nothing = { status: "unplayable", gapUtcMs: null, nextFootageUtcMs: null } as const;
    this.state.setState({ ...nothing, format: pictureFormat(codec) });
    if (this.state.getState().mode === "live") this.wayBack.look(() => this.showLive());
  }

  private showFrames(): void {
    this.live = new LivePicture(this.cameraId, this.bare, {
      onPictures: () => this.showsPictures(),
      onLost: () => {
        if (this.state.getState().mode === "live") this.state.setState({ status: "retrying" });
      },
      onRefused: (why) => this.withoutFrames(why),
      onUnplayable: (codec) => {
        this.wayBack.leave(codec);
        this.showsNothing(codec);
      },
      onEnd: (isLive) => {
        if (isLive) this.backToFrames();
        else this.loadAround(this.instant() ?? archiveNow());
      },
      onNotHeld: (utcMs) => this.loadAround(utcMs),
      readShownUtcMs: () => this.frame.look(),
    });
    this.run(true);
  }

  /** Live pictures come as they are recorded instead: later, and always. */
  private withoutFrames(why: string): void {
    console.warn(`Live pictures of ${this.cameraId} are played as they are recorded: ${why}.`);
    this.wayBack.leave();
    const { mode } = this.state.getState();
    const instant = this.instant();
    if (mode === "live" || instant === null) this.showLive();
    else this.loadAround(instant);
  }

  /** What was live is played like what was recorded, from what is held of it. */
  private holdLive(utcMs: number): void {
    this.live?.holdAt(utcMs);
    this.segments = this.live?.segments ?? this.segments;
  }

  /** Shows an instant of the past, playing on or standing still. */
  showAt(utcMs: number, isPaused = this.state.getState().isPaused): void {
    const isPresent = isTakenForLive(utcMs, isPaused, this.live?.segments ?? []);
    if (isPresent && this.state.getState().speed > 0) return this.showLive();
    this.sendTo(utcMs, isPaused);
  }

  /** Goes on with what another player showed. A picture that stood stands, however near to the present. */
  resume({ utcMs, isPaused, speed }: Playback): void {
    this.state.setState({ speed });
    if (isPaused) this.sendTo(utcMs, true);
    else this.showAt(utcMs, false);
  }

  /** What another player goes on with; null while live. */
  playback(): Playback | null {
    const { mode, isPaused, speed } = this.state.getState();
    if (mode === "live") return null;
    const utcMs = isPaused ? this.standsAt() : this.instant();
    return utcMs === null ? null : { utcMs, isPaused, speed };
  }

  private sendTo(utcMs: number, isPaused: boolean): void {
    // A player that failed shows nothing, wherever it is sent.
    const isHeld = this.live !== null || (this.state.getState().mode === "playback" && !this.retry.isWaiting);
    this.segments = this.live?.segments ?? this.segments;
    this.state.setState({ mode: "playback", isPaused });
    const mediaSeconds = isHeld ? mediaAtInstant(this.segments, utcMs) : null;
    const { isUnderWay, hasBegun } = this.opening;
    if (mediaSeconds === null && !isUnderWay) return this.loadAround(utcMs);
    this.isSent = true;
    this.targetUtcMs = utcMs;
    if (this.live !== null) this.holdLive(utcMs);
    else if (mediaSeconds !== null && (hasBegun || !isUnderWay)) this.send(mediaSeconds);
    // What is on its way is shown from there, and plays until then.
    if (!isUnderWay) this.run();
  }

  play(): void {
    const { mode } = this.state.getState();
    const instant = this.instant();
    if (mode === "live") return this.showLive();
    this.state.setState({ isPaused: false });
    if (instant !== null && this.isHidden) return this.loadAround(instant, false, true);
    if (instant !== null && this.segments.length === 0) return this.showAt(instant, false);
    this.run();
  }

  /** Live pictures that are paused become playback at that instant. */
  pause(): void {
    this.frame.look();
    // The middle of the frame on the screen: what is loaded anew shows this one and not its neighbour.
    const instant = this.shown().picture?.endUtcMs ?? this.instant();
    const { mode } = this.state.getState();
    this.state.setState({ isPaused: true });
    if (mode === "live" && this.live === null && instant !== null) {
      this.frozen.freeze();
      return this.loadAround(instant, true);
    }
    this.isSent = false;
    this.sentPlace.forget();
    this.run();
    if (this.live === null || instant === null) return;
    this.state.setState({ mode: "playback" });
    this.targetUtcMs = null;
    this.live.holdShown();
  }

  setSpeed(speed: number): void {
    const instant = this.instant();
    this.state.setState({ speed, isPaused: false });
    if (this.state.getState().mode === "live" && speed !== 1 && instant !== null) {
      this.state.setState({ mode: "playback" });
      if (this.live === null) return this.loadAround(instant);
      this.holdLive(instant);
    }
    if (instant !== null && this.isHidden && this.state.getState().mode === "playback")
      return this.loadAround(instant, false, true);
    this.run();
  }

  jump(deltaMs: number): void {
    const instant = this.instant() ?? archiveNow();
    this.showAt(instant + deltaMs);
  }

  /** One picture on or back from the one on the screen; a tile that plays stands still before. */
  stepFrame(direction: 1 | -1): void {
    if (!this.state.getState().isPaused) this.pause();
    const step = this.live?.step(direction) ?? "outside";
    if (step !== "outside") return;
    const start = this.stepStart();
    if (start === null || this.steps.knows(start)) return this.stepRecorded(direction);
    void this.steps.load(start.utcMs).then(() => {
      const { mode, isPaused } = this.state.getState();
      if (mode === "playback" && isPaused) this.stepRecorded(direction);
    });
  }

  /** Recorded frames last as long as they do; where that is not known, as long as usual. */
  private stepRecorded(direction: 1 | -1): void {
    const [start, instant] = [this.stepStart(), this.standsAt()];
    const usualMs = this.frameMs ?? UNKNOWN_FRAME_MS;
    const isRecorded = (utcMs: number): boolean => mediaAtInstant(this.segments, utcMs) !== null;
    const beside = start && this.steps.beside(start, direction, usualMs, isRecorded);
    const next = beside ?? (instant === null ? null : instant + direction * usualMs);
    if (next !== null) this.sendTo(next, true);
  }

  /** Where a step of recorded footage begins; null of what is held of live pictures, which are known. */
  private stepStart(): StepStart | null {
    if (this.live !== null) return null;
    const utcMs = this.standsAt();
    const shownUtcMs = this.isStanding ? this.frame.utcMs : null;
    if (shownUtcMs !== null) return { utcMs: shownUtcMs, isFrame: true };
    return utcMs === null ? null : { utcMs, isFrame: false };
  }

  /** An instant inside of the picture that stands, milliseconds UTC; null without one. */
  private standsAt(): number | null {
    if (this.isStanding) this.frame.look();
    return (this.isStanding ? this.shown().picture?.endUtcMs : null) ?? this.instant();
  }

  /** Where a player stands that was stopped lies somewhere behind the picture that it shows. */
  private get isStanding(): boolean {
    return this.live === null && !this.opening.isUnderWay && !this.isSent;
  }

  dispose(): void {
    this.newLoad();
    this.frozen.drop();
    this.frame.dispose();
    this.bare.player.dispose();
  }

  /** Gives up what is under way: loading, stepping, waiting to try again. */
  private newLoad(): AbortSignal {
    this.load.abort();
    this.load = new AbortController();
    this.retry.cancel();
    this.stepped.end();
    this.stopKeeping?.();
    this.stopKeeping = null;
    this.wayBack.stop();
    this.live?.close();
    this.live = null;
    this.opening.end();
    this.sentPlace.forget();
    this.frame.forget(this.frozen.isShown);
    return this.load.signal;
  }

  private open(address: string, type: string, startUtcMs: number | null = null): void {
    if (startUtcMs !== null) this.opening.open(startUtcMs);
    openSource(this.bare.player, address, type);
    this.run(true);
  }

  /** @param isPlayingOn play came there by itself: where nothing was recorded it goes on behind, or before */
  private loadAround(utcMs: number, isPaused = this.state.getState().isPaused, isPlayingOn = false): void {
    const signal = this.newLoad();
    this.bare.video.pause();
    this.targetUtcMs = utcMs;
    this.opening.ask();
    this.isSent = true;
    this.state.setState({ mode: "playback", status: "loading", isPaused, gapUtcMs: null });
    void loadFootage(this.cameraId, utcMs, signal, {
      readTargetUtcMs: () => this.targetUtcMs ?? utcMs,
      isBackwards: () => !this.state.getState().isPaused && this.state.getState().speed < 0,
      isPlayingOn: () => isPlayingOn && !this.state.getState().isPaused,
      onFootage: ({ segments, source, startUtcMs, isCodecKnown }) => {
        this.segments = segments;
        this.isCodecKnown = isCodecKnown;
        this.open(source, PARSED_PLAYLIST_TYPE, startUtcMs);
      },
      onGap: (gapUtcMs) => this.enterGap(gapUtcMs),
      onNextFootage: (nextFootageUtcMs) => this.state.setState({ nextFootageUtcMs }),
      onAgain: (againUtcMs) => this.loadAround(againUtcMs, undefined, isPlayingOn && againUtcMs === utcMs),
      onUnplayable: (codec, nextUtcMs) => this.enterUnplayable(codec, nextUtcMs),
      onFailed: () => this.failed(),
    });
  }

  private enterGap(gapUtcMs: number): void {
    this.hideSource();
    this.targetUtcMs = null;
    this.state.setState({ status: "gap", gapUtcMs, nextFootageUtcMs: null });
  }

  /** There are pictures of then that this computer cannot show; where it is stays where it was asked for. */
  private enterUnplayable(codec: string, nextFootageUtcMs: number | null): void {
    this.hideSource();
    this.state.setState({ status: "unplayable", format: pictureFormat(codec), nextFootageUtcMs });
  }

  /** What is open is of another time: nothing in it can be shown or gone to. */
  private hideSource(): void {
    this.segments = [];
    this.opening.end();
    this.frozen.drop();
    this.bare.player.pause();
  }

  /** There is nothing to show at this instant, whatever is open. */
  private get isHidden(): boolean {
    const { status } = this.state.getState();
    return status === "gap" || status === "unplayable";
  }

  /**
   * Brings the player in line with what is wanted.
   * @param isNewSource it starts by playing whatever is wanted: only then is a first picture loaded
   */
  private run(isNewSource = false): void {
    const { isPaused, speed } = this.state.getState();
    const { player } = this.bare;
    this.stepped.end();
    const rate = isStepped(speed) ? 1 : speed;
    // A browser begins each new source at the default, whatever the rate was.
    this.bare.video.defaultPlaybackRate = rate;
    player.playbackRate(rate);
    if (isPaused && !isNewSource) return player.pause();
    this.live?.playHeld();
    if (isStepped(speed) && !isNewSource) return this.startStepping();
    startPlaying(player);
  }

  /** Sends recorded footage that is open to a place in it. */
  private send(mediaSeconds: number): void {
    if (this.state.getState().isPaused) this.sentPlace.sent(mediaSeconds);
    else this.sentPlace.forget();
    // The element itself: what video.js is asked for while it opens a source it asks for once more, later.
    this.bare.video.currentTime = mediaSeconds;
  }

  private arrived(): void {
    const { video } = this.bare;
    const againSeconds = video.paused && !video.seeking ? this.sentPlace.stands(video.currentTime) : null;
    if (againSeconds === null) this.showsPictures();
    else video.currentTime = againSeconds;
  }

  private showsPictures(): void {
    if (this.isHidden && this.live === null) return;
    const place = this.opening.shows(this.targetUtcMs);
    const { status, isPaused, speed } = this.state.getState();
    if (place === "before") return;
    if (place === "elsewhere") return this.goElsewhere(isPaused);
    this.retry.reset();
    this.wayBack.arrive();
    if (status !== "ready") this.state.setState({ status: "ready", gapUtcMs: null });
    if (isPaused && !this.bare.video.paused) return this.standStill();
    this.frozen.giveWay();
    this.targetUtcMs = null;
    if (!isPaused && isStepped(speed) && !this.stepped.isRunning) this.startStepping();
  }

  /** The first picture of a source that was sent on while it was opened. */
  private goElsewhere(isPaused: boolean): void {
    const isThere = this.targetUtcMs !== null && mediaAtInstant(this.segments, this.targetUtcMs) !== null;
    if (!isThere) this.loadAround(this.targetUtcMs ?? archiveNow());
    else if (isPaused) this.standStill();
    else this.goToTarget();
  }

  /** Stops a new source at the asked picture: it had to play for a moment to load one. */
  private standStill(): void {
    this.bare.player.pause();
    this.goToTarget();
  }

  private goToTarget(): void {
    const mediaSeconds = this.targetUtcMs === null ? null : mediaAtInstant(this.segments, this.targetUtcMs);
    if (mediaSeconds !== null) this.send(mediaSeconds);
  }

  private startStepping(): void {
    this.sentPlace.forget();
    const instant = this.instant();
    if (instant !== null) this.stepped.start(instant);
  }

  /** The loaded piece is over: the next one, or the present. */
  private reachedEnd(): void {
    // It was sent elsewhere, or paused, when that was on its way to us.
    if (!this.bare.video.ended || this.opening.isUnderWay || this.state.getState().isPaused) return;
    const endUtcMs = lastInstant(this.segments);
    if (endUtcMs === null || endUtcMs > archiveNow() - LIVE_EDGE_MS * 2) return this.showLive();
    this.loadAround(endUtcMs + 1, false, true);
  }

  /** Pictures stopped: tried again after a pause that doubles, for as long as the tile is there. */
  private failed(): void {
    if (this.live !== null) return this.withoutFrames("the player failed");
    const isUndecoded = this.state.getState().mode === "live" || !this.isCodecKnown;
    if (this.wayBack.unplayable !== null && isUndecoded) return this.showsNothing(this.wayBack.unplayable);
    const instant = this.targetUtcMs ?? (this.state.getState().mode === "live" ? null : this.instant());
    this.frozen.drop();
    this.newLoad();
    // A recorder that has just begun has nothing to show for a moment; that is no trouble yet.
    this.state.setState({ status: this.retry.isRepeated ? "retrying" : "loading" });
    this.retry.start(() => {
      if (instant === null) this.showLive();
      else this.loadAround(instant);
    });
  }
}
