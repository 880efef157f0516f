/**
 * Time ranges. Instants are whole milliseconds since 1970-01-01T00:00:00Z (`…UtcMs`); a range is
 * half-open: it holds its start and not its end, so that neighbouring ranges share no frame.
 */
export interface TimeRange {
  readonly startUtcMs: number;
  readonly endUtcMs: number;
}

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The longest a segment of a camera export may be. */
export const SEGMENT_MAX_MS = 60 * MINUTE_MS;

/** The longest a camera export may be; exactly this is allowed. */
export const EXPORT_MAX_MS = 24 * HOUR_MS;

export function durationMs(range: TimeRange): number {
  return range.endUtcMs - range.startUtcMs;
}

/** The part that both ranges hold, or null where they share nothing. */
export function intersect(a: TimeRange, b: TimeRange): TimeRange | null {
  const startUtcMs = Math.max(a.startUtcMs, b.startUtcMs);
  const endUtcMs = Math.min(a.endUtcMs, b.endUtcMs);
  return startUtcMs < endUtcMs ? { startUtcMs, endUtcMs } : null;
}

/**
 * Cuts a range at `start + n × maxMs`. Instants only, so daylight saving changes nothing.
 * @param range the range to cut; its end must be after its start
 * @param maxMs the longest piece, in milliseconds
 * @returns the pieces in order, without a hole or an overlap between them
 * @throws RangeError when the range is empty or the length is not positive
 */
export function cutIntoSegments(range: TimeRange, maxMs: number = SEGMENT_MAX_MS): TimeRange[] {
  if (durationMs(range) <= 0) throw new RangeError("A range to cut must end after it starts.");
  if (maxMs <= 0) throw new RangeError("A segment must be longer than nothing.");
  const segments: TimeRange[] = [];
  for (let startUtcMs = range.startUtcMs; startUtcMs < range.endUtcMs; startUtcMs += maxMs) {
    segments.push({ startUtcMs, endUtcMs: Math.min(startUtcMs + maxMs, range.endUtcMs) });
  }
  return segments;
}
