import { durationMs, SECOND_MS, type TimeRange } from "../domain/time-range.ts";
import { localParts } from "../domain/zone-offset.ts";
import { formatDuration } from "./durations.ts";
import { formatOffset, formatWithOffset } from "./instants.ts";

/** Stretches that a sentence names. */
const MOST_NAMED = 3;

/**
 * "3 min 20 s: 2026-11-28 10:00:00 UTC+01:00 to 10:03:20". Evidence is missing there: it is said to the second, with the
 * offset, because the sentence outlives the screen that it stood on.
 * @param zone IANA name of the site's zone
 */
export function lostInWords(ranges: readonly TimeRange[], zone: string): string {
  const lengthMs = ranges.reduce((sum, range) => sum + durationMs(range), 0);
  const named = ranges.slice(0, MOST_NAMED).map((range) => fromTo(range, zone));
  const more = ranges.length - named.length;
  const all = more > 0 ? [...named, `${more} more`] : named;
  return `${formatDuration(Math.max(SECOND_MS, upToSecond(lengthMs)))}: ${all.join("; ")}`;
}

function fromTo({ startUtcMs, endUtcMs }: TimeRange, zone: string): string {
  const endShownUtcMs = upToSecond(endUtcMs);
  const [start, end] = [localParts(startUtcMs, zone), localParts(endShownUtcMs, zone)];
  const [startOffset, endOffset] = [formatOffset(startUtcMs, zone), formatOffset(endUtcMs, zone)];
  const date = end.date === start.date ? "" : `${end.date} `;
  const offset = endOffset === startOffset ? "" : ` ${endOffset}`;
  return `${formatWithOffset(startUtcMs, zone)} to ${date}${end.time}${offset}`;
}

const upToSecond = (ms: number): number => Math.ceil(ms / SECOND_MS) * SECOND_MS;
