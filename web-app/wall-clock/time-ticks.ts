import type { TimeRange } from "#shared/domain/time-range.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Distances between ticks that people read easily, milliseconds. */
const STEPS_MS = [
  SECOND,
  2 * SECOND,
  5 * SECOND,
  10 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
];

export interface Ticks {
  readonly stepMs: number;
  /** Milliseconds since 1970 UTC, ascending. */
  readonly instantsUtcMs: readonly number[];
}

/**
 * Ticks at round local times.
 * @param range what the bar shows
 * @param offsetMs how far local time is ahead of UTC at the start
 * @param most how many ticks there is room for
 */
export function timeTicks({ startUtcMs, endUtcMs }: TimeRange, offsetMs: number, most: number): Ticks {
  const spanMs = endUtcMs - startUtcMs;
  const stepMs = STEPS_MS.find((step) => spanMs / step <= most) ?? 6 * HOUR;
  const first = Math.ceil((startUtcMs + offsetMs) / stepMs) * stepMs - offsetMs;
  const instantsUtcMs: number[] = [];
  for (let instant = first; instant <= endUtcMs; instant += stepMs) instantsUtcMs.push(instant);
  return { stepMs, instantsUtcMs };
}
