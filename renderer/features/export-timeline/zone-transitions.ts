/** Where a zone's clock changes: an hour is skipped or shown twice. Pure apart from a cache. */
import { Temporal } from "temporal-polyfill";
import type { TimeRange } from "#shared/domain/time-range.ts";

export interface ZoneTransition {
  readonly utcMs: number;
  /** Milliseconds that the clock is ahead of UTC before and after. */
  readonly offsetBeforeMs: number;
  readonly offsetAfterMs: number;
}

interface Known {
  readonly range: TimeRange;
  readonly transitions: readonly ZoneTransition[];
}

/** Looked up a month at a time: a drawing loop asks sixty times a second. */
const BLOCK_MS = 30 * 86_400_000;
const known = new Map<string, Known>();

/** The changes of the clock in a range, in order. */
export function transitionsWithin(range: TimeRange, zone: string): readonly ZoneTransition[] {
  const cached = known.get(zone);
  const fits =
    cached !== undefined &&
    cached.range.startUtcMs <= range.startUtcMs &&
    cached.range.endUtcMs >= range.endUtcMs;
  const block = fits ? cached : lookUp(range, zone);
  if (!fits) known.set(zone, block);
  return block.transitions.filter(({ utcMs }) => utcMs >= range.startUtcMs && utcMs < range.endUtcMs);
}

function lookUp(range: TimeRange, zone: string): Known {
  const wide = {
    startUtcMs: Math.floor(range.startUtcMs / BLOCK_MS - 1) * BLOCK_MS,
    endUtcMs: Math.ceil(range.endUtcMs / BLOCK_MS + 1) * BLOCK_MS,
  };
  const transitions: ZoneTransition[] = [];
  let at = Temporal.Instant.fromEpochMilliseconds(wide.startUtcMs).toZonedDateTimeISO(zone);
  for (;;) {
    const next = at.getTimeZoneTransition("next");
    if (next === null || next.epochMilliseconds >= wide.endUtcMs) break;
    const before = next.subtract({ nanoseconds: 1 });
    const offsetBeforeMs = before.offsetNanoseconds / 1e6;
    const offsetAfterMs = next.offsetNanoseconds / 1e6;
    if (offsetBeforeMs !== offsetAfterMs) {
      transitions.push({ utcMs: next.epochMilliseconds, offsetBeforeMs, offsetAfterMs });
    }
    at = next;
  }
  return { range: wide, transitions };
}

export interface RepeatedPass {
  readonly range: TimeRange;
  readonly pass: "first" | "second";
}

/** The times that the clock shows twice, once for each pass. */
export function repeatedPasses(transitions: readonly ZoneTransition[]): RepeatedPass[] {
  return transitions.flatMap(({ utcMs, offsetBeforeMs, offsetAfterMs }) => {
    const lengthMs = offsetBeforeMs - offsetAfterMs;
    if (lengthMs <= 0) return [];
    return [
      { range: { startUtcMs: utcMs - lengthMs, endUtcMs: utcMs }, pass: "first" as const },
      { range: { startUtcMs: utcMs, endUtcMs: utcMs + lengthMs }, pass: "second" as const },
    ];
  });
}
