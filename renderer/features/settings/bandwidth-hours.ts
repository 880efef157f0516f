import type { BandwidthSchedule } from "#shared/domain/bandwidth-schedule.ts";
import { plainText } from "#design-system/date-time-field/typed-instant/typed-text.ts";
import { readTimeOfDay } from "#design-system/date-time-field/typed-instant/typed-time.ts";
import { bandwidthOf, mbitOf } from "./transfer-limits.ts";
import { formatTimeTo } from "#shared/words/instants.ts";

/** Hours with another cap, as typed; all empty where there are none. */
export interface TypedHours {
  readonly from: string;
  readonly to: string;
  readonly cap: string;
}

export interface HoursIssues {
  readonly from: string | null;
  readonly to: string | null;
  readonly cap: string | null;
}

export function typedHoursOf(schedule: BandwidthSchedule | null): TypedHours {
  if (schedule === null) return { from: "", to: "", cap: "" };
  const { fromMinute, toMinute, capBytesPerSecond } = schedule;
  return { from: clockOf(fromMinute), to: clockOf(toMinute), cap: mbitOf(capBytesPerSecond) };
}

/** @returns the schedule, "none" where nothing is typed, or null where something is wrong with it */
export function scheduleOf(typed: TypedHours): BandwidthSchedule | "none" | null {
  if (isEmpty(typed)) return "none";
  const [fromMinute, toMinute, cap] = [minuteOf(typed.from), minuteOf(typed.to), bandwidthOf(typed.cap)];
  if (fromMinute === null || toMinute === null || cap === null || fromMinute === toMinute) return null;
  return { fromMinute, toMinute, capBytesPerSecond: cap === "none" ? null : cap };
}

/** What to tell below each field. */
export function issuesOf(typed: TypedHours): HoursIssues {
  if (isEmpty(typed)) return { from: null, to: null, cap: null };
  const [from, to] = [minuteOf(typed.from), minuteOf(typed.to)];
  const wrongTime = "Enter a time like 22:00.";
  const sameTime = from !== null && from === to ? "Enter another time than the first." : null;
  return {
    from: from === null ? wrongTime : null,
    to: to === null ? wrongTime : sameTime,
    cap: bandwidthOf(typed.cap) === null ? "Enter a number above 0, or nothing for no cap." : null,
  };
}

function isEmpty({ from, to, cap }: TypedHours): boolean {
  return [from, to, cap].every((text) => text.trim() === "");
}

/** Minutes since midnight of a time as fields of times read it; null where it is none, or has seconds. */
function minuteOf(text: string): number | null {
  const read = readTimeOfDay(plainText(text), "alone");
  if (read === null || "refusal" in read) return null;
  const { hour, minute, second, millisecond } = read.time;
  return second === 0 && millisecond === 0 ? hour * 60 + minute : null;
}

function clockOf(minuteOfDay: number): string {
  return formatTimeTo("minute", minuteOfDay * 60_000, "UTC");
}
