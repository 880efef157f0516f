/** What a zone's clock shows: which instants a local reading stands for, and how an instant is read off it. */
import { Temporal } from "temporal-polyfill";
import { offsetMs } from "../domain/zone-offset.ts";
import { formatOffset, formatOffsetMs } from "./instants.ts";

/**
 * What an instant is for. The end of a range is a reading of the clock that ran until then: where an hour is
 * repeated, "02:00" ends its first pass as well as its second.
 */
export type InstantRole = "moment" | "end";

export interface InstantChoice {
  readonly utcMs: number;
  /** e.g. `UTC+02:00` */
  readonly offset: string;
}

export type LocalReading =
  | { readonly kind: "once"; readonly utcMs: number }
  | {
      readonly kind: "twice";
      readonly choices: readonly [InstantChoice, InstantChoice];
      /** It is where the first pass ends; the clock itself shows it once. */
      readonly isEndOfPass: boolean;
    }
  | { readonly kind: "skipped"; readonly message: string };

/** The instants that a local date-time stands for. */
export function instantsOf(local: Temporal.PlainDateTime, zone: string, role: InstantRole): LocalReading {
  const earlier = local.toZonedDateTime(zone, { disambiguation: "earlier" });
  const later = local.toZonedDateTime(zone, { disambiguation: "later" });
  if (earlier.epochMilliseconds === later.epochMilliseconds) {
    const endOfPass = role === "end" ? firstPassEndingAt(local, earlier) : null;
    return endOfPass === null
      ? { kind: "once", utcMs: earlier.epochMilliseconds }
      : twice(local, [endOfPass, earlier.epochMilliseconds], true);
  }
  if (earlier.toPlainDateTime().equals(local)) {
    return twice(local, [earlier.epochMilliseconds, later.epochMilliseconds], false);
  }
  const message = `This time does not exist in ${zone}: the clock goes forward from ${changeInWords(earlier, later)}.`;
  return { kind: "skipped", message };
}

/** The instant at which the clock was put back just as it reached this reading, or null. */
function firstPassEndingAt(local: Temporal.PlainDateTime, at: Temporal.ZonedDateTime): number | null {
  const change = at.getTimeZoneTransition("previous");
  if (change === null || change.offsetNanoseconds >= offsetBefore(change)) return null;
  return readingBefore(change).equals(local) ? change.epochMilliseconds : null;
}

function offsetBefore(change: Temporal.ZonedDateTime): number {
  return change.subtract({ nanoseconds: 1 }).offsetNanoseconds;
}

/** What the old clock shows as it is changed. */
function readingBefore(change: Temporal.ZonedDateTime): Temporal.PlainDateTime {
  return change
    .toInstant()
    .toZonedDateTimeISO("UTC")
    .toPlainDateTime()
    .add({ nanoseconds: offsetBefore(change) });
}

function twice(
  local: Temporal.PlainDateTime,
  [first, second]: readonly [number, number],
  isEndOfPass: boolean,
): LocalReading {
  const choice = (utcMs: number): InstantChoice => ({
    utcMs,
    offset: formatOffsetMs(asUtcMs(local) - utcMs),
  });
  return { kind: "twice", choices: [choice(first), choice(second)], isEndOfPass };
}

/** The two readings of the clock at the change that lies between two instants. */
function changeInWords(before: Temporal.ZonedDateTime, after: Temporal.ZonedDateTime): string {
  const change = before.getTimeZoneTransition("next");
  if (change === null || Temporal.ZonedDateTime.compare(change, after) > 0) return "one hour to the next";
  const minute = { smallestUnit: "minute" } as const;
  return `${readingBefore(change).toPlainTime().toString(minute)} to ${change.toPlainTime().toString(minute)}`;
}

/** The reading as if the clock were in UTC, milliseconds. */
export function asUtcMs(local: Temporal.PlainDateTime): number {
  return local.toZonedDateTime("UTC").epochMilliseconds;
}

/** What is read off a zone's clock, for the start or the end of something. */
export interface ClockReading {
  readonly local: Temporal.PlainDateTime;
  readonly zone: string;
  readonly role: InstantRole;
}

/** Whether an instant may be written as this reading: an end may stand on the clock that ran until it. */
export function isReadingOf({ local, zone, role }: ClockReading, utcMs: number): boolean {
  const offset = asUtcMs(local) - utcMs;
  return offset === offsetMs(utcMs, zone) || (role === "end" && offset === offsetMs(utcMs - 1, zone));
}

/** How far the clock is ahead of UTC that an instant is read off; an end at a change is read off the old one. */
function readingOffsetMs(utcMs: number, zone: string, role: InstantRole): number {
  const after = offsetMs(utcMs, zone);
  return role === "end" ? Math.max(after, offsetMs(utcMs - 1, zone)) : after;
}

/** `2026-11-01 02:00:00.000` */
export function readingText(utcMs: number, zone: string, role: InstantRole): string {
  return new Date(Math.trunc(utcMs) + readingOffsetMs(utcMs, zone, role))
    .toISOString()
    .slice(0, 23)
    .replace("T", " ");
}

/** e.g. `UTC−04:00`, of the clock that `readingText` is read off. */
export function readingOffset(utcMs: number, zone: string, role: InstantRole): string {
  return role === "end" ? formatOffsetMs(readingOffsetMs(utcMs, zone, role)) : formatOffset(utcMs, zone);
}
