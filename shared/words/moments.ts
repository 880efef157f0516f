/** An instant written so that it can be taken for no other, and no longer than that takes. */
import type { TimeRange } from "../domain/time-range.ts";
import { offsetMs } from "../domain/zone-offset.ts";
import { formatDate, formatDateTime, formatDateTimeMs, formatOffset, formatTime } from "./instants.ts";
import { readingOffset, readingText, type InstantRole } from "./zone-clock.ts";

/** Zones have put their clocks back by no more than this. */
const LONGEST_CHANGE_MS = 3 * 3_600_000;

/** Whether the zone's clock shows this local time twice, an hour (or half of one) apart. */
export function isShownTwice(utcMs: number, zone: string): boolean {
  const offset = offsetMs(utcMs, zone);
  return [utcMs - LONGEST_CHANGE_MS, utcMs + LONGEST_CHANGE_MS].some((near) => {
    const otherOffset = offsetMs(near, zone);
    if (otherOffset === offset) return false;
    return offsetMs(utcMs + offset - otherOffset, zone) === otherOffset;
  });
}

/** A text of an instant, with the offset behind it where the local time exists twice. */
export function withOffset(text: string, utcMs: number, zone: string): string {
  return isShownTwice(utcMs, zone) ? `${text} ${formatOffset(utcMs, zone)}` : text;
}

/** `2026-11-23 14:03:07`, `2026-10-25 02:30:00 UTC+01:00` */
export function formatInstant(utcMs: number, zone: string): string {
  return withOffset(formatDateTime(utcMs, zone), utcMs, zone);
}

/** The same to the millisecond. */
export function formatInstantMs(utcMs: number, zone: string): string {
  return withOffset(formatDateTimeMs(utcMs, zone), utcMs, zone);
}

/**
 * `14:03:07`; with the date where it is not today, with the offset where the local time exists twice:
 * `2026-10-25 02:30:00 UTC+01:00`.
 */
export function formatMoment(utcMs: number, zone: string, nowUtcMs: number): string {
  const date = formatDate(utcMs, zone);
  const time = formatTime(utcMs, zone);
  const text = date === formatDate(nowUtcMs, zone) ? time : `${date} ${time}`;
  return withOffset(text, utcMs, zone);
}

/**
 * Whether the local times of a range could be read as another range: an end of it exists twice, or the clock
 * changes within it.
 */
export function couldMeanTwo({ startUtcMs, endUtcMs }: TimeRange, zone: string): boolean {
  return (
    isShownTwice(startUtcMs, zone) ||
    isShownTwice(endUtcMs, zone) ||
    offsetMs(startUtcMs, zone) !== offsetMs(endUtcMs, zone)
  );
}

export interface RangeWords {
  readonly start: string;
  readonly end: string;
}

/**
 * `2026-11-01 01:50:00 UTC−04:00` and `2026-11-01 02:00:00 UTC−04:00`: with the offset where the range could mean
 * two, and the end as the clock showed it that ran until then.
 */
export function rangeInWords(
  range: TimeRange,
  zone: string,
  precision: "seconds" | "milliseconds" = "seconds",
): RangeWords {
  return partsInWords(range, zone, precision);
}

/** The same without the dates: `01:50:00 UTC−04:00`. */
export function timesInWords(range: TimeRange, zone: string): RangeWords {
  return partsInWords(range, zone, "time");
}

/** Which part of `2026-11-01 01:50:00.000` is written, as places in the text. */
const PARTS = { seconds: [0, 19], milliseconds: [0, 23], time: [11, 19] } as const;

function partsInWords(range: TimeRange, zone: string, part: keyof typeof PARTS): RangeWords {
  const hasOffset = couldMeanTwo(range, zone);
  const written = (utcMs: number, role: InstantRole): string => {
    const text = readingText(utcMs, zone, role).slice(...PARTS[part]);
    return hasOffset ? `${text} ${readingOffset(utcMs, zone, role)}` : text;
  };
  return { start: written(range.startUtcMs, "moment"), end: written(range.endUtcMs, "end") };
}
