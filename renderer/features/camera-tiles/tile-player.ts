/**
 * One tile's pictures: live, or recorded at an instant, at any speed in both directions. Runs outside of
 * React; what the tile shows of it is `state`, which changes rarely, and `instant()`, which runs.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import { liveAddress } from "./archive-source.ts";
import { footageAfter, loadPiece } from "./playback-piece.ts";
import {
  footageBefore,
  instantAtMedia,
  lastInstant,
  mediaAtInstant,
  nextFootage,
  PARSED_PLAYLIST_TYPE,
  type ClockSegment,
} from "./playback-playlist.ts";
import { measureFrameLength } from "./frame-length.ts";
import { keepLive } from "./live-keeper.ts";
import { isStepped } from "./playback-speeds.ts";
import { LIVE_STATE, type PlayerState, type ShownInTile, type ShownPicture } from "./player-state.ts";
import { ShownFrame } from "./shown-frame.ts";
import { RetryPause } from "./retry-pause.ts";
import { runSteps } from "./step-clock.ts";
import { createBarePlayer, liveSegments, openSource, type BarePlayer } from "./video-element.ts";

const HLS_TYPE = "application/vnd.apple.mpegurl";
/** Playback that comes this near to the present becomes live. */
const LIVE_EDGE_MS = 8_000;
/** A step on or back before the first pictures have told their distance, milliseconds. */
const UNKNOWN_FRAME_MS = 1000 / 15;

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
  /** Ends what runs beside the video: playing by seeking, or staying near to the present. */
  private stopSteps: (() => void) | null = null;
  private stopKeeping: (() => void) | null = null;

  constructor(host: HTMLElement, cameraId: string) {
    this.cameraId = cameraId;
    this.bare = createBarePlayer(host);
    const { player, video } = this.bare;
    player.on("error", () => this.failed());
    player.on("ended", () => this.reachedEnd());
    video.addEventListener("playing", () => this.showsPictures());
    video.addEventListener("seeked", () => this.showsPictures());
    this.frame = new ShownFrame(video, () => this.openSegments());
    measureFrameLength(video, (ms) => (this.measuredFrameMs = ms));
  }

  /** The instant of the picture shown, milliseconds UTC, or null while there is none. */
  instant(): number | null {
    const { status, gapUtcMs } = this.state.getState();
    if (status === "gap") return gapUtcMs;
    if (this.targetUtcMs !== null) return this.targetUtcMs;
    return instantAtMedia(this.openSegments(), this.bare.video.currentTime);
  }

  /** What is on the screen at this moment, to the frame: where playback is going does not count. */
  shown(): ShownInTile {
    const { status, gapUtcMs, mode } = this.state.getState();
    const picture = status === "gap" ? null : this.pictureAt(this.frame.utcMs);
    if (mode === "live") return { mode, picture };
    // A tile that has only just been told to play has shown nothing yet, and may as well be called live.
    const asked = gapUtcMs ?? this.targetUtcMs ?? this.instant();
    return picture === null && asked === null
      ? { mode: "live", picture }
      : { mode, picture: picture ?? this.pictureAt(asked)! };
  }

  private pictureAt(utcMs: number | null): ShownPicture | null {
    if (utcMs === null) return null;
    // Half of a frame is further than instants of playlists are inexact, at either side.
    const halfFrameMs = (this.frameMs ?? UNKNOWN_FRAME_MS) / 2;
    return { utcMs, startUtcMs: utcMs - halfFrameMs, endUtcMs: utcMs + halfFrameMs };
  }

  /** The segments of what is open, on both clocks. */
  private openSegments(): readonly ClockSegment[] {
    const isLive = this.state.getState().mode === "live";
    if (isLive) this.segments = liveSegments(this.bare.player) ?? this.segments;
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
    this.open(liveAddress(this.cameraId), HLS_TYPE);
    this.stopKeeping = keepLive(this.cameraId, this.bare, () => this.showLive());
  }

  /** Shows an instant of the past, playing on or standing still. */
  showAt(utcMs: number, isPaused = this.state.getState().isPaused): void {
    if (utcMs > Date.now() - LIVE_EDGE_MS / 2 && this.state.getState().speed > 0) return this.showLive();
    const wasPlayback = this.state.getState().mode === "playback";
    this.state.setState({ mode: "playback", isPaused });
    const mediaSeconds = wasPlayback ? mediaAtInstant(this.segments, utcMs) : null;
    if (mediaSeconds === null) return this.loadAround(utcMs);
    this.leaveGap();
    this.targetUtcMs = utcMs;
    this.bare.player.currentTime(mediaSeconds);
    this.run();
  }

  play(): void {
    const { mode } = this.state.getState();
    const instant = this.instant();
    if (mode === "live") return this.showLive();
    this.state.setState({ isPaused: false });
    if (instant !== null && this.segments.length === 0) return this.showAt(instant, false);
    this.run();
  }

  /** Live pictures that are paused become playback at that instant. */
  pause(): void {
    // The middle of the frame on the screen: what is loaded anew shows this one and not its neighbour.
    const instant = this.shown().picture?.endUtcMs ?? this.instant();
    const { mode } = this.state.getState();
    this.state.setState({ isPaused: true });
    if (mode === "live" && instant !== null) return this.loadAround(instant, true);
    this.run();
  }

  setSpeed(speed: number): void {
    const instant = this.instant();
    this.state.setState({ speed, isPaused: false });
    if (this.state.getState().mode === "live" && speed !== 1 && instant !== null) {
      this.state.setState({ mode: "playback" });
      return this.loadAround(instant);
    }
    this.run();
  }

  jump(deltaMs: number): void {
    const instant = this.instant() ?? Date.now();
    this.showAt(instant + deltaMs);
  }

  /** One picture on or back; for a tile that stands still. */
  stepFrame(direction: 1 | -1): void {
    const instant = this.instant();
    if (instant !== null) this.showAt(instant + direction * (this.frameMs ?? UNKNOWN_FRAME_MS), true);
  }

  dispose(): void {
    this.newLoad();
    this.frame.dispose();
    this.bare.player.dispose();
  }

  /** Gives up what is under way: loading, stepping, waiting to try again. */
  private newLoad(): AbortSignal {
    this.load.abort();
    this.load = new AbortController();
    this.retry.cancel();
    this.endSteps();
    this.stopKeeping?.();
    this.stopKeeping = null;
    this.frame.forget();
    return this.load.signal;
  }

  private open(address: string, type: string): void {
    openSource(this.bare.player, address, type);
    this.run(true);
  }

  private loadAround(utcMs: number, isPaused = this.state.getState().isPaused): void {
    const signal = this.newLoad();
    this.bare.video.pause();
    this.targetUtcMs = utcMs;
    this.state.setState({ mode: "playback", status: "loading", isPaused, gapUtcMs: null });
    void loadPiece(this.cameraId, utcMs, signal).then((piece) => {
      if (signal.aborted) return;
      if (piece.kind === "failed") return this.failed();
      this.segments = piece.segments;
      if (piece.kind === "gap") return void this.enterGap(utcMs, signal);
      this.open(piece.source, PARSED_PLAYLIST_TYPE);
    });
  }

  private async enterGap(utcMs: number, signal: AbortSignal): Promise<void> {
    this.targetUtcMs = null;
    this.state.setState({ status: "gap", gapUtcMs: utcMs, nextFootageUtcMs: null });
    const nextFootageUtcMs = await footageAfter(this.cameraId, utcMs, this.segments);
    if (!signal.aborted) this.state.setState({ nextFootageUtcMs });
  }

  private leaveGap(): void {
    if (this.state.getState().status === "gap") this.state.setState({ status: "loading", gapUtcMs: null });
  }

  /**
   * Brings the player in line with what is wanted.
   * @param isNewSource it starts by playing whatever is wanted: only then is a first picture loaded
   */
  private run(isNewSource = false): void {
    const { isPaused, speed } = this.state.getState();
    const { player } = this.bare;
    this.endSteps();
    player.playbackRate(isStepped(speed) ? 1 : speed);
    if (isPaused && !isNewSource) return player.pause();
    if (isStepped(speed) && !isNewSource) return this.startStepping();
    player.play()?.catch((error: unknown) => {
      // A load given up for another one, or a source that failed: the player's own events tell of both.
      const isExpected = error instanceof DOMException && /Abort|NotSupported/.test(error.name);
      if (!isExpected) console.warn("A tile could not play.", error);
    });
  }

  private showsPictures(): void {
    const { status, isPaused, speed } = this.state.getState();
    this.retry.reset();
    if (status !== "ready") this.state.setState({ status: "ready", gapUtcMs: null });
    if (isPaused && !this.bare.video.paused) this.standStill();
    else this.targetUtcMs = null;
    if (!isPaused && isStepped(speed) && this.stopSteps === null) this.startStepping();
  }

  /** Stops a new source at the asked picture: it had to play for a moment to load one. */
  private standStill(): void {
    this.bare.player.pause();
    const mediaSeconds = this.targetUtcMs === null ? null : mediaAtInstant(this.segments, this.targetUtcMs);
    if (mediaSeconds !== null) this.bare.video.currentTime = mediaSeconds;
  }

  /** Plays by seeking: as soon as one picture is there, the next is asked for. */
  private startStepping(): void {
    const { video, player } = this.bare;
    let cursorUtcMs = this.instant();
    if (cursorUtcMs === null) return;
    player.pause();
    this.stopSteps = runSteps((elapsedMs) => {
      const { status, speed } = this.state.getState();
      if (cursorUtcMs === null || status !== "ready") return;
      cursorUtcMs += elapsedMs * speed;
      if (!video.seeking) cursorUtcMs = this.stepTo(cursorUtcMs);
    });
  }

  private endSteps(): void {
    this.stopSteps?.();
    this.stopSteps = null;
  }

  /** @returns where playback stands now: a gap is skipped in the direction of play */
  private stepTo(utcMs: number): number {
    if (utcMs >= Date.now() - LIVE_EDGE_MS) {
      this.state.setState({ speed: 1 });
      this.showLive();
      return utcMs;
    }
    const isForward = this.state.getState().speed > 0;
    const reached = isForward ? nextFootage(this.segments, utcMs) : footageBefore(this.segments, utcMs);
    const mediaSeconds = reached === null ? null : mediaAtInstant(this.segments, reached);
    if (reached === null || mediaSeconds === null) {
      this.loadAround(utcMs, false);
      return utcMs;
    }
    this.targetUtcMs = reached;
    this.bare.video.currentTime = mediaSeconds;
    return reached;
  }

  /** The loaded piece is over: the next one, or the present. */
  private reachedEnd(): void {
    const endUtcMs = lastInstant(this.segments);
    if (endUtcMs === null || endUtcMs > Date.now() - LIVE_EDGE_MS * 2) return this.showLive();
    this.loadAround(endUtcMs + 1);
  }

  /** Pictures stopped: tried again after a pause that doubles, for as long as the tile is there. */
  private failed(): void {
    const instant = this.targetUtcMs ?? (this.state.getState().mode === "live" ? null : this.instant());
    const { isPaused } = this.state.getState();
    this.newLoad();
    this.state.setState({ status: "retrying" });
    this.retry.start(() => {
      if (instant === null) this.showLive();
      else this.loadAround(instant, isPaused);
    });
  }
}
