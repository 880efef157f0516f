import { intersect, type TimeRange } from "./time-range.ts";

/** A range of what the archive shows, or of one recording alone where it holds several of the same time. */
export interface FootageRange extends TimeRange {
  /** The recording's name in the archive. */
  readonly recording?: string | undefined;
}

/** Footage without a break. */
export type Run = TimeRange;

/** A hole between two runs, or between an edge of the asked range and the nearest run. */
export type Gap = TimeRange;

/** What the archive holds of one camera in an asked range; runs and gaps together fill it exactly. */
export interface Footage {
  readonly runs: readonly Run[];
  readonly gaps: readonly Gap[];
}

/**
 * The holes that the runs leave in a range.
 * @param range the asked range
 * @param runs in order of their start, not overlapping; they may reach beyond the range
 */
export function gapsWithin(range: TimeRange, runs: readonly Run[]): Gap[] {
  const gaps: Gap[] = [];
  let coveredUntilMs = range.startUtcMs;
  for (const run of runs) {
    const inside = intersect(run, range);
    if (inside === null) continue;
    if (inside.startUtcMs > coveredUntilMs) {
      gaps.push({ startUtcMs: coveredUntilMs, endUtcMs: inside.startUtcMs });
    }
    coveredUntilMs = Math.max(coveredUntilMs, inside.endUtcMs);
  }
  if (coveredUntilMs < range.endUtcMs) gaps.push({ startUtcMs: coveredUntilMs, endUtcMs: range.endUtcMs });
  return gaps;
}

/** How many milliseconds of the range the runs cover. */
export function coveredMs(range: TimeRange, runs: readonly Run[]): number {
  const missing = gapsWithin(range, runs).reduce((sum, gap) => sum + gap.endUtcMs - gap.startUtcMs, 0);
  return range.endUtcMs - range.startUtcMs - missing;
}
