/**
 * How near to the present live tiles can be, and how one gets there. A media segment can be played when it is
 * complete, so pictures are late by one media segment and by what it takes to hear of it and to read it. Pure.
 */

/** The arrivals of several media segments are looked at. */
const WINDOW_MS = 20_000;
/** The next media segment may come this much later than those before. */
const MARGIN_MS = 250;

interface Arrival {
  readonly atMs: number;
  /** From the end of the media segment's last frame to the moment when a player had it. */
  readonly lateMs: number;
  readonly mediaSegmentMs: number;
}

/**
 * The delay that all live tiles of one camera keep: as little as the slowest of them can hold. What is loaded grows by
 * a media segment at a time and lasts until the next one is there; a picture that is one media segment and the latest
 * arrival behind the present never waits. Time in which nothing was recorded delays nothing.
 */
export class LiveDelay {
  #arrivals: Arrival[] = [];

  add(arrival: Arrival): void {
    this.#arrivals = [...this.#arrivals.filter(({ atMs }) => arrival.atMs - atMs < WINDOW_MS), arrival];
  }

  /** Milliseconds from the present to the picture that is to be shown; null before anything was loaded. */
  get delayMs(): number | null {
    if (this.#arrivals.length === 0) return null;
    return (
      Math.max(...this.#arrivals.map(({ lateMs, mediaSegmentMs }) => lateMs + mediaSegmentMs)) + MARGIN_MS
    );
  }
}

/** Further away than this, playback jumps; a player that has just opened the playlist does so sooner. */
const JUMP_MS = 3_000;
const FIRST_JUMP_MS = 500;
/** Nearer than this is where it should be: two such tiles show the same frame, or neighbours. */
const CLOSE_MS = 40;
/** A second of error is taken back by half a second in each second. */
const RATE_PER_SECOND = 0.5;
const SLOWEST = 0.85;
const FASTEST = 1.5;
/** Rates are set in steps: the browser starts its sound anew with each. */
const RATE_STEP = 0.05;

export type LiveStep = { readonly kind: "jump" } | { readonly kind: "play"; readonly rate: number };

/**
 * What a player does to show the instant that is wanted.
 * @param behindMs the instant wanted less the one shown; negative for a player that is ahead
 * @param isStart nothing was done since the playlist was opened
 */
export function liveStep(behindMs: number, isStart: boolean): LiveStep {
  if (Math.abs(behindMs) > (isStart ? FIRST_JUMP_MS : JUMP_MS)) return { kind: "jump" };
  if (Math.abs(behindMs) < CLOSE_MS) return { kind: "play", rate: 1 };
  const wanted = 1 + (behindMs / 1000) * RATE_PER_SECOND;
  const least = behindMs > 0 ? 1 + RATE_STEP : 1 - RATE_STEP;
  const stepped = Math.round(wanted / RATE_STEP) * RATE_STEP;
  const rate = behindMs > 0 ? Math.max(least, stepped) : Math.min(least, stepped);
  return { kind: "play", rate: Math.round(Math.min(FASTEST, Math.max(SLOWEST, rate)) * 100) / 100 };
}
