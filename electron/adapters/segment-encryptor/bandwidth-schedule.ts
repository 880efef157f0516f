import type { BandwidthSchedule } from "#shared/domain/bandwidth-schedule.ts";

/** How fast uploads may be in all: always, and otherwise at certain hours. Null: as fast as they can. */
export interface BandwidthLimits {
  readonly bandwidthCapBytesPerSecond: number | null;
  readonly bandwidthSchedule: BandwidthSchedule | null;
}

/** @param timeZone the site's, an IANA name: the schedule's hours are local ones, also when clocks change */
export function capAt(limits: BandwidthLimits, utcMs: number, timeZone: string): number | null {
  const { bandwidthCapBytesPerSecond, bandwidthSchedule: schedule } = limits;
  if (schedule === null || !isWithin(schedule, minuteOfDay(utcMs, timeZone)))
    return bandwidthCapBytesPerSecond;
  return schedule.capBytesPerSecond;
}

/** The end is not within; hours that end before they begin go over midnight. */
function isWithin({ fromMinute, toMinute }: BandwidthSchedule, minute: number): boolean {
  return fromMinute <= toMinute
    ? fromMinute <= minute && minute < toMinute
    : fromMinute <= minute || minute < toMinute;
}

export function minuteOfDay(utcMs: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(utcMs);
  const part = (type: "hour" | "minute") => Number(parts.find((one) => one.type === type)?.value);
  return part("hour") * 60 + part("minute");
}
