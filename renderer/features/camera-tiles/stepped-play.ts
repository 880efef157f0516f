/** Plays backwards, or faster than a browser does, by seeking: as soon as one picture is there, the next is asked for. */
import { archiveNow } from "../../main-process-client/holdings.ts";
import {
  footageBefore,
  mediaAtInstant,
  nextFootage,
  type ClockedMediaSegment,
} from "./archive-video/playback-playlist.ts";
import { LIVE_EDGE_MS } from "./taken-for-live.ts";
import type { BarePlayer } from "./archive-video/video-element.ts";

export interface SteppedPlayListener {
  /** Negative: backwards; null while there is nothing to play. */
  readonly readSpeed: () => number | null;
  readonly readMediaSegments: () => readonly ClockedMediaSegment[];
  /** The next picture is that of this instant. */
  readonly onStep: (utcMs: number) => void;
  /** What is loaded does not reach there. */
  readonly onOutside: (utcMs: number) => void;
  readonly onPresent: () => void;
}

export class SteppedPlay {
  readonly #bare: BarePlayer;
  readonly #listener: SteppedPlayListener;
  #stop: (() => void) | null = null;

  constructor(bare: BarePlayer, listener: SteppedPlayListener) {
    this.#bare = bare;
    this.#listener = listener;
  }

  get isRunning(): boolean {
    return this.#stop !== null;
  }

  start(fromUtcMs: number): void {
    let cursorUtcMs = fromUtcMs;
    this.#bare.player.pause();
    this.#stop = runSteps((elapsedMs) => {
      const speed = this.#listener.readSpeed();
      if (speed === null) return;
      cursorUtcMs += elapsedMs * speed;
      if (!this.#bare.video.seeking) cursorUtcMs = this.#stepTo(cursorUtcMs, speed > 0);
    });
  }

  end(): void {
    this.#stop?.();
    this.#stop = null;
  }

  /** @returns where playback stands now: a gap is skipped in the direction of play */
  #stepTo(utcMs: number, isForward: boolean): number {
    // Backwards leads away from the present.
    if (isForward && utcMs >= archiveNow() - LIVE_EDGE_MS) {
      this.#listener.onPresent();
      return utcMs;
    }
    const mediaSegments = this.#listener.readMediaSegments();
    const reached = isForward ? nextFootage(mediaSegments, utcMs) : footageBefore(mediaSegments, utcMs);
    const mediaSeconds = reached === null ? null : mediaAtInstant(mediaSegments, reached);
    if (reached === null || mediaSeconds === null) {
      this.#listener.onOutside(utcMs);
      return utcMs;
    }
    this.#listener.onStep(reached);
    this.#bare.video.currentTime = mediaSeconds;
    return reached;
  }
}

/**
 * Calls once per drawn picture of the window.
 * @param onStep takes the milliseconds since the call before
 * @returns stops it
 */
function runSteps(onStep: (elapsedMs: number) => void): () => void {
  let before = performance.now();
  let next = 0;
  const step = () => {
    next = requestAnimationFrame(step);
    const now = performance.now();
    const elapsedMs = now - before;
    before = now;
    onStep(elapsedMs);
  };
  next = requestAnimationFrame(step);
  return () => cancelAnimationFrame(next);
}
