/** Chance that is the same in each run. */
export interface Chance {
  /** From 0 to 1. */
  next(): number;
  /** Seconds to the next of events that come at a rate a second, none knowing of the others. */
  gap(perSecond: number): number;
}

/** @param seed any but 0 */
export function chance(seed: number): Chance {
  let state = seed | 0;
  // Shifts and exclusive ors of 32 bits (Marsaglia, "Xorshift RNGs", 2003): all numbers but 0, in turn.
  const next = (): number => {
    for (const by of [13, -17, 5]) state ^= by > 0 ? state << by : state >>> -by;
    return (state >>> 0) / 2 ** 32;
  };
  return { next, gap: (perSecond) => -Math.log(1 - next()) / perSecond };
}
