import { gapsWithin } from "./footage.ts";
import { durationMs, type TimeRange } from "./time-range.ts";
import { localParts, offsetMinutes } from "./zone-offset.ts";

/** Less is where recordings are joined, which may lie elsewhere each time it is looked at. */
const SHORTEST_MS = 100;
/** Stretches that a sentence names. */
const MOST_NAMED = 3;

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

/**
 * "3 min 20 s: 2026-11-28 10:00:00 UTC+01:00 to 10:03:20". Evidence is missing there: it is said to the second, with the
 * offset, because the sentence outlives the screen that it stood on.
 * @param zone IANA name of the site's zone
 */
export function lostInWords(ranges: readonly TimeRange[], zone: string): string {
  const lengthMs = ranges.reduce((sum, range) => sum + durationMs(range), 0);
  const named = ranges.slice(0, MOST_NAMED).map((range) => rangeInWords(range, zone));
  const more = ranges.length - named.length;
  const all = more > 0 ? [...named, `${more} more`] : named;
  return `${lengthInWords(lengthMs)}: ${all.join("; ")}`;
}

function rangeInWords({ startUtcMs, endUtcMs }: TimeRange, zone: string): string {
  const [start, end] = [localParts(startUtcMs, zone), localParts(Math.ceil(endUtcMs / 1000) * 1000, zone)];
  const [startOffset, endOffset] = [offsetInWords(startUtcMs, zone), offsetInWords(endUtcMs, zone)];
  const date = end.date === start.date ? "" : `${end.date} `;
  const offset = endOffset === startOffset ? "" : ` ${endOffset}`;
  return `${start.date} ${start.time} ${startOffset} to ${date}${end.time}${offset}`;
}

function offsetInWords(utcMs: number, zone: string): string {
  const minutes = offsetMinutes(utcMs, zone);
  const [hours, rest] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const two = (number: number) => String(number).padStart(2, "0");
  return `UTC${minutes < 0 ? "−" : "+"}${two(hours)}:${two(rest)}`;
}

function lengthInWords(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const parts = [
    ...(hours > 0 ? [`${hours} h`] : []),
    ...(minutes > 0 ? [`${minutes} min`] : []),
    ...(seconds % 60 > 0 ? [`${seconds % 60} s`] : []),
  ];
  return parts.join(" ");
}
