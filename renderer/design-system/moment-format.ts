/** An instant written so that it can be taken for no other, and no longer than that takes. */
import { formatDate, formatOffset, formatTime, offsetMs } from "./instant-format.ts";

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

/**
 * `14:03:07`; with the date where it is not today, with the offset where the local time exists twice:
 * `2026-10-25 02:30:00 UTC+01:00`.
 */
export function formatMoment(utcMs: number, zone: string, nowUtcMs: number): string {
  const date = formatDate(utcMs, zone);
  const parts = [
    date === formatDate(nowUtcMs, zone) ? "" : date,
    formatTime(utcMs, zone),
    isShownTwice(utcMs, zone) ? formatOffset(utcMs, zone) : "",
  ];
  return parts.filter((part) => part !== "").join(" ");
}
