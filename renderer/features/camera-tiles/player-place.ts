/** Where one tile's pictures are: what is open on both clocks, what was asked for, what is on the screen. */
import type { StoreApi } from "zustand/vanilla";
import type { FrameSteps, StepStart } from "./frame-steps.ts";
import { measureFrameLength } from "./frame-length.ts";
import type { LivePicture } from "./live-frames/live-picture.ts";
import type { Playback } from "./playback.ts";
import {
  instantAtMedia,
  mediaAtInstant,
  type ClockedMediaSegment,
} from "./archive-video/playback-playlist.ts";
import { shownInTile, UNKNOWN_FRAME_MS, type PlayerState, type ShownInTile } from "./player-state.ts";
import { ShownFrame } from "./shown-frame.ts";
import type { SourceOpening } from "./source-opening.ts";
import { liveMediaSegments, type BarePlayer } from "./archive-video/video-element.ts";

export class PlayerPlace {
  /** Of what is open; of recordings as they come, those of the last look. */
  mediaSegments: readonly ClockedMediaSegment[] = [];
  /** The instant that was asked for and is not shown yet, milliseconds UTC. */
  targetUtcMs: number | null = null;
  /** Recorded footage that stands was sent to where it stands. */
  isSent = false;
  /** What is open came live, frame by frame: of the present, or held since it was paused. */
  live: LivePicture | null = null;
  readonly #bare: BarePlayer;
  readonly #state: StoreApi<PlayerState>;
  readonly #opening: SourceOpening;
  readonly #frame: ShownFrame;
  #measuredFrameMs: number | null = null;

  constructor(bare: BarePlayer, state: StoreApi<PlayerState>, opening: SourceOpening) {
    this.#bare = bare;
    this.#state = state;
    this.#opening = opening;
    this.#frame = new ShownFrame(bare.video, () => this.openMediaSegments());
    measureFrameLength(bare.video, (ms) => (this.#measuredFrameMs = ms));
  }

  /** The instant of the picture shown, milliseconds UTC, or null while there is none. */
  instant(): number | null {
    const { status, gapUtcMs } = this.#state.getState();
    if (status === "gap") return gapUtcMs;
    const askedUtcMs = this.targetUtcMs ?? this.live?.heldAtUtcMs ?? null;
    if (askedUtcMs !== null) return askedUtcMs;
    return instantAtMedia(this.openMediaSegments(), this.#bare.video.currentTime);
  }

  /** What is on the screen at this moment, to the frame: where playback is going does not count. */
  shown(): ShownInTile {
    const { status, gapUtcMs, mode } = this.#state.getState();
    const shownUtcMs = status === "gap" ? null : this.#frame.utcMs;
    // A tile that has only just been told to play has shown nothing yet.
    const askedUtcMs = mode === "live" ? null : (gapUtcMs ?? this.targetUtcMs ?? this.instant());
    return shownInTile({ mode, shownUtcMs, askedUtcMs, frameMs: this.frameMs });
  }

  /** The same, read off the picture itself, for what is named after its time. */
  look(): ShownInTile {
    this.lookAtFrame();
    return this.shown();
  }

  /** Reads the frame on the screen off the picture itself. @returns milliseconds UTC, null without one */
  lookAtFrame(): number | null {
    return this.#frame.look();
  }

  /** The media segments of what is open, on both clocks. */
  openMediaSegments(): readonly ClockedMediaSegment[] {
    const isLive = this.#state.getState().mode === "live";
    if (this.live !== null) this.mediaSegments = this.live.mediaSegments;
    else if (isLive) this.mediaSegments = liveMediaSegments(this.#bare.player) ?? this.mediaSegments;
    return this.mediaSegments;
  }

  get isPaused(): boolean {
    return this.#state.getState().isPaused;
  }

  /** There is nothing to show at this instant, whatever is open. */
  get isHidden(): boolean {
    const { status } = this.#state.getState();
    return status === "gap" || status === "unplayable";
  }

  /** Length of a frame in milliseconds, or null while no pictures have told. */
  get frameMs(): number | null {
    return this.#measuredFrameMs;
  }

  /** Seconds of the media that is open at an instant; null where none of it is of then. */
  mediaAt(utcMs: number | null): number | null {
    return utcMs === null ? null : mediaAtInstant(this.mediaSegments, utcMs);
  }

  /** What another player goes on with; null while live. */
  playback(): Playback | null {
    const { mode, isPaused, speed } = this.#state.getState();
    if (mode === "live") return null;
    const utcMs = isPaused ? this.standsAt() : this.instant();
    return utcMs === null ? null : { utcMs, isPaused, speed };
  }

  /** Where a step of recorded footage begins; null of what is held of live pictures, which are known. */
  stepStart(): StepStart | null {
    if (this.live !== null) return null;
    const utcMs = this.standsAt();
    const shownUtcMs = this.#isStanding ? this.#frame.utcMs : null;
    if (shownUtcMs !== null) return { utcMs: shownUtcMs, isFrame: true };
    return utcMs === null ? null : { utcMs, isFrame: false };
  }

  /**
   * Inside of the recorded frame on or back from the one that stands, milliseconds UTC. Frames last as long as they do;
   * where that is not known, as long as usual.
   */
  beside(steps: FrameSteps, direction: 1 | -1): number | null {
    const [start, instant] = [this.stepStart(), this.standsAt()];
    const usualMs = this.frameMs ?? UNKNOWN_FRAME_MS;
    const isRecorded = (utcMs: number): boolean => this.mediaAt(utcMs) !== null;
    const beside = start && steps.beside(start, direction, usualMs, isRecorded);
    return beside ?? (instant === null ? null : instant + direction * usualMs);
  }

  /** An instant inside of the picture that stands, milliseconds UTC; null without one. */
  standsAt(): number | null {
    if (this.#isStanding) this.#frame.look();
    return (this.#isStanding ? this.shown().picture?.endUtcMs : null) ?? this.instant();
  }

  /** Where a player stands that was stopped lies somewhere behind the picture that it shows. */
  get #isStanding(): boolean {
    return this.live === null && !this.#opening.isUnderWay && !this.isSent;
  }

  /** What was live is played like what was recorded, from what is held of it. */
  holdLive(utcMs: number): void {
    this.live?.holdAt(utcMs);
    this.mediaSegments = this.live?.mediaSegments ?? this.mediaSegments;
  }

  /** @param staysOnScreen the last picture is shown until there is a newer one */
  forgetFrame(staysOnScreen: boolean): void {
    this.#frame.forget(staysOnScreen);
  }

  dispose(): void {
    this.#frame.dispose();
  }
}
