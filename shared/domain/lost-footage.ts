import { gapsWithin } from "./footage.ts";
import { durationMs, type TimeRange } from "./time-range.ts";

/** Less is where recordings are joined, which may lie elsewhere each time it is looked at. */
const SHORTEST_MS = 100;

/**
 * What an archive held of a range when it was asked first and does not hold any more.
 * @param before what was missing then
 * @param now what is missing by now; null: nothing is left
 */
export function lostFootage(
  range: TimeRange,
  before: readonly TimeRange[],
  now: readonly TimeRange[] | null,
): TimeRange[] {
  const missing = now ?? [range];
  return missing
    .flatMap((gap) => gapsWithin(gap, before))
    .filter((lost) => durationMs(lost) >= SHORTEST_MS)
    .map(({ startUtcMs, endUtcMs }) => ({ startUtcMs, endUtcMs }));
}

/** Stretches that follow each other are one. @param ranges in order of time */
export function joinedRanges(ranges: readonly TimeRange[]): TimeRange[] {
  const all: TimeRange[] = [];
  for (const range of ranges) {
    const last = all.at(-1);
    if (last?.endUtcMs !== range.startUtcMs) all.push(range);
    else all[all.length - 1] = { startUtcMs: last.startUtcMs, endUtcMs: range.endUtcMs };
  }
  return all;
}
