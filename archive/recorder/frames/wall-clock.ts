/** The clock that nobody sets, microseconds; its zero is anywhere. It stands still while the machine sleeps. */
export const monotonicUs = (): number => Number(process.hrtime.bigint() / 1000n);

/** Readings of which the one that was interrupted least is believed. */
const READINGS = 25;

/**
 * Wall time less monotonic time, microseconds UTC. It stays the same, to within a millisecond or two, until the wall
 * clock is set or the machine sleeps.
 */
export function wallOriginUs(): number {
  const readings = Array.from({ length: READINGS }, () => {
    const before = monotonicUs();
    const wallUs = Date.now() * 1000;
    const after = monotonicUs();
    return { originUs: wallUs - (before + after) / 2, widthUs: after - before };
  });
  const best = readings.reduce((least, next) => (next.widthUs < least.widthUs ? next : least));
  // `Date.now()` counts whole milliseconds, and is half a one behind on average.
  return Math.round(best.originUs + 500);
}

/** The wall clock is looked at this often. */
const LOOK_US = 1_000_000;

/** A wall clock that has gone elsewhere by more was set; by less it is steered, or was read at a bad moment. */
const SET_US = 300_000;

/** Notices that the wall clock was set: two looks in a row must say so. */
export class WallWatch {
  #lookedUs = monotonicUs();
  #hasDoubt = false;
  readonly #origin: () => number;

  constructor(origin: () => number = wallOriginUs) {
    this.#origin = origin;
  }

  /**
   * @param originUs the one that instants are made with
   * @returns the one to make them with from now on, or null where it is still right
   */
  newOriginUs(originUs: number, nowUs: number): number | null {
    if (nowUs - this.#lookedUs < LOOK_US) return null;
    this.#lookedUs = nowUs;
    const lookedUs = this.#origin();
    const isElsewhere = Math.abs(lookedUs - originUs) > SET_US;
    const isSure = isElsewhere && this.#hasDoubt;
    this.#hasDoubt = isElsewhere;
    return isSure ? lookedUs : null;
  }
}
