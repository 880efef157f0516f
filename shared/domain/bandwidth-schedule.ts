import { MINUTE_MS } from "./time-range.ts";

/** Hours of each day at which another bandwidth cap holds, e.g. none at night. */
export interface BandwidthSchedule {
  /** Minutes since midnight, local time of the site. */
  readonly fromMinute: number;
  /** Not within any more; earlier than `fromMinute` for hours over midnight. */
  readonly toMinute: number;
  /** Null: no cap at these hours. */
  readonly capBytesPerSecond: number | null;
}

/** How fast uploads may be in all: always, and otherwise at certain hours. Null: as fast as they can. */
export interface BandwidthLimits {
  readonly bandwidthCapBytesPerSecond: number | null;
  readonly bandwidthSchedule: BandwidthSchedule | null;
}

const DAY_MINUTES = 1440;

/** @param timeZone the site's, an IANA name: the schedule's hours are local ones, also when clocks change */
export function capAt(limits: BandwidthLimits, utcMs: number, timeZone: string): number | null {
  const { bandwidthCapBytesPerSecond, bandwidthSchedule: schedule } = limits;
  if (schedule === null || !isWithin(schedule, minuteOfDay(utcMs, timeZone)))
    return bandwidthCapBytesPerSecond;
  return schedule.capBytesPerSecond;
}

/**
 * Until when the cap of an instant holds at least: the next beginning or end of the hours, or the next change of
 * the zone's clock, whichever comes first. Null where there are no hours.
 */
export function capHoldsUntil(limits: BandwidthLimits, utcMs: number, timeZone: string): number | null {
  const { bandwidthSchedule: schedule } = limits;
  if (schedule === null) return null;
  const minute = Math.floor(utcMs / MINUTE_MS);
  const local = minuteOfDay(utcMs, timeZone);
  const minutesTo = (goal: number) => positiveModulo(goal - local - 1, DAY_MINUTES) + 1;
  const next = minute + Math.min(minutesTo(schedule.fromMinute), minutesTo(schedule.toMinute));
  const shift = shiftAt(minute, timeZone);
  return (shiftAt(next, timeZone) === shift ? next : clockChange(minute, next, timeZone)) * MINUTE_MS;
}

/** The first minute after `before` at which the zone's clock is shifted otherwise; one change at most lies between. */
function clockChange(before: number, after: number, timeZone: string): number {
  const shift = shiftAt(before, timeZone);
  let [same, changed] = [before, after];
  while (changed - same > 1) {
    const middle = Math.floor((same + changed) / 2);
    if (shiftAt(middle, timeZone) === shift) same = middle;
    else changed = middle;
  }
  return changed;
}

/** By how many minutes of a day the zone's clock is ahead of UTC at a minute since 1970. */
function shiftAt(minute: number, timeZone: string): number {
  return positiveModulo(minuteOfDay(minute * MINUTE_MS, timeZone) - minute, DAY_MINUTES);
}

function positiveModulo(value: number, modulus: number): number {
  return ((value % modulus) + modulus) % modulus;
}

/** The end is not within; hours that end before they begin go over midnight. */
function isWithin({ fromMinute, toMinute }: BandwidthSchedule, minute: number): boolean {
  return fromMinute <= toMinute
    ? fromMinute <= minute && minute < toMinute
    : fromMinute <= minute || minute < toMinute;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter costs a hundred times what using it does. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  clocks.set(timeZone, made);
  return made;
}

export function minuteOfDay(utcMs: number, timeZone: string): number {
  const parts = clockOf(timeZone).formatToParts(utcMs);
  const part = (type: "hour" | "minute") => Number(parts.find((one) => one.type === type)?.value);
  return part("hour") * 60 + part("minute");
}
