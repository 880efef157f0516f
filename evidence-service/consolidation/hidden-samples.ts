/**
 * Samples that are there only to decode others are composed in single ticks beside what is shown. Players drop a picture
 * that ends before the position that they were sent to; so it must not last longer, and decoders say how long one lasts
 * only when pictures come in the order of their times (Chromium's forget those that are overtaken).
 */

/** A sample, by its index, and when it would be shown. */
export interface Placed {
  readonly index: number;
  readonly composedTicks: number;
}

/**
 * By index, when each is composed: in the order in which they would be shown, from `fromTicks` on.
 * @param first is the first in any case: a stream begins with its key frame
 */
export function inSingleTicks(
  hidden: readonly Placed[],
  fromTicks: number,
  first?: number,
): Map<number, number> {
  const rank = ({ index, composedTicks }: Placed): number => (index === first ? -Infinity : composedTicks);
  const order = hidden.toSorted((a, b) => rank(a) - rank(b) || a.index - b.index);
  return new Map(order.map(({ index }, slot) => [index, fromTicks + slot]));
}
