import type { TimeRange } from "#shared/domain/time-range.ts";

/** The other end of a mark that begins with one key press: nobody has put it there, and it is easily moved. */
const NEW_MARK_MS = 60_000;

/** An end of a range, and where it is put. */
export interface PutEnd {
  readonly side: "start" | "end";
  readonly utcMs: number;
  /** Nothing later can be exported: the present, milliseconds UTC. */
  readonly latestUtcMs: number;
}

/**
 * The mark after one of its ends was put at an instant by a key. The end that is there already stays where it is, as it
 * was put there on purpose; only one that the new end has passed is of another mark, and gives way to a minute.
 * @param before null while there is no mark
 */
export function withEndAt(before: TimeRange | null, { side, utcMs, latestUtcMs }: PutEnd): TimeRange {
  if (side === "start") {
    const startUtcMs = Math.min(utcMs, latestUtcMs - 1);
    const isKept = before !== null && before.endUtcMs > startUtcMs;
    return {
      startUtcMs,
      endUtcMs: isKept ? before.endUtcMs : Math.min(startUtcMs + NEW_MARK_MS, latestUtcMs),
    };
  }
  const endUtcMs = Math.min(utcMs, latestUtcMs);
  const isKept = before !== null && before.startUtcMs < endUtcMs;
  return { startUtcMs: isKept ? before.startUtcMs : endUtcMs - NEW_MARK_MS, endUtcMs };
}
