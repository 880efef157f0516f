import type { SessionClock } from "../index/session-clock.ts";

/** Ticks that a duration can have: FFmpeg and with it most players take larger ones for negative. */
const LONGEST_DURATION_TICKS = 0x7fff_ffff;

/** The time of one track of a file: ticks since an instant. Every session's own time is turned into it. */
export class FileClock {
  readonly timescale: number;
  readonly #originUs: number;

  /** @param originUs start of the export's first session: all tracks are rebased by this one instant */
  constructor(originUs: number, timescale: number) {
    this.#originUs = originUs;
    this.timescale = timescale;
  }

  /** The ticks of an instant, microseconds UTC. */
  at(instantUs: number): number {
    return Math.round(((instantUs - this.#originUs) / 1_000_000) * this.timescale);
  }

  /** Turns a session's ticks into those of the file; exact within a session of the same time scale. */
  converter({ startUs, baseTime, timeScale }: SessionClock): (ticks: number) => number {
    if (timeScale === this.timescale) {
      const shift = this.at(startUs) - baseTime;
      return (ticks) => ticks + shift;
    }
    const seconds = (startUs - this.#originUs) / 1_000_000;
    return (ticks) => Math.round((seconds + (ticks - baseTime) / timeScale) * this.timescale);
  }

  /** A time of another track of the same file. */
  fromClock(other: FileClock, ticks: number): number {
    return Math.round((ticks * this.timescale) / other.timescale);
  }
}

/**
 * The time scale of a track that holds a gap of this length: the recorded one, or where the gap would not fit into
 * a duration, a half, quarter and so on of it. Times are then rounded by some millionths of a second.
 */
export function timescaleForGap(timescale: number, longestGapUs: number): number {
  let fitting = timescale;
  while ((longestGapUs * fitting) / 1_000_000 > LONGEST_DURATION_TICKS) fitting = Math.ceil(fitting / 2);
  return fitting;
}
