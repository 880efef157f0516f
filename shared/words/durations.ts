/** Lengths of time in words, alike in both pages and in the sentences of main and services. Milliseconds in. */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../domain/time-range.ts";

/** `1 h 02 min 03 s`, `1 min 05.250 s`, `7.250 s`: for reading; milliseconds only where there are any. */
export function formatDuration(durationMs: number): string {
  const totalMs = Math.max(0, Math.round(durationMs));
  const hours = Math.floor(totalMs / 3_600_000);
  const minutes = Math.floor(totalMs / 60_000) % 60;
  const wholeSeconds = Math.floor(totalMs / 1_000) % 60;
  const rest = totalMs % 1_000 === 0 ? "" : `.${padded(totalMs % 1_000, 3)}`;
  if (hours > 0) return `${hours} h ${padded(minutes, 2)} min ${padded(wholeSeconds, 2)}${rest} s`;
  if (minutes > 0) return `${minutes} min ${padded(wholeSeconds, 2)}${rest} s`;
  return `${wholeSeconds}${rest} s`;
}

/**
 * `40 s`, `4 min 02 s`, `2 h 10 min`, `3 days 4 h`: two units at most, for what is not known more exactly or does not
 * matter more exactly. Round what is known to the minute alone before.
 */
export function formatRoughDuration(durationMs: number): string {
  const countOf = (unitMs: number): number => Math.max(0, Math.round(durationMs / unitMs));
  const [seconds, minutes, hours] = [countOf(SECOND_MS), countOf(MINUTE_MS), countOf(HOUR_MS)];
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return twoUnits(seconds, 60, ["min", "s"]);
  if (minutes < (2 * DAY_MS) / MINUTE_MS) return twoUnits(minutes, 60, ["h", "min"]);
  return twoUnits(hours, 24, ["days", "h"]);
}

/** @param each how many of the small unit make a large one */
function twoUnits(count: number, each: number, [large, small]: readonly [string, string]): string {
  const rest = count % each;
  // Minutes and seconds have two digits behind a larger unit, as in exact durations.
  return `${Math.floor(count / each)} ${large}${rest === 0 ? "" : ` ${padded(rest, each === 60 ? 2 : 1)} ${small}`}`;
}

/** `01:02:03.250`: exact to the millisecond, for what is being measured. */
export function formatExactDuration(durationMs: number): string {
  const totalMs = Math.max(0, Math.round(durationMs));
  const clock = [totalMs / 3_600_000, (totalMs / 60_000) % 60, (totalMs / 1_000) % 60];
  return `${clock.map((part) => padded(part, 2)).join(":")}.${padded(totalMs % 1_000, 3)}`;
}

function padded(value: number, digits: number): string {
  return String(Math.floor(value)).padStart(digits, "0");
}
