import { describe, expect, test } from "vitest";
import { capAt, minuteOfDay } from "./bandwidth-schedule.ts";

const ZONE = "Europe/Berlin";
const night = { fromMinute: 22 * 60, toMinute: 6 * 60, capBytesPerSecond: null };
const office = { fromMinute: 8 * 60, toMinute: 17 * 60 + 30, capBytesPerSecond: 500 };

/** In winter Berlin is an hour ahead of UTC. */
function berlin(hour: number, minute = 0): number {
  return Date.UTC(2026, 0, 15, hour - 1, minute);
}

describe("the cap", () => {
  test("is the usual one without a schedule", () => {
    const limits = { bandwidthCapBytesPerSecond: 1_000, bandwidthSchedule: null };
    expect(capAt(limits, berlin(12), ZONE)).toBe(1_000);
  });

  test.each([
    [7, 59, 1_000],
    [8, 0, 500],
    [17, 29, 500],
    [17, 30, 1_000],
  ])("within hours of the day: %i:%i", (hour, minute, cap) => {
    const limits = { bandwidthCapBytesPerSecond: 1_000, bandwidthSchedule: office };
    expect(capAt(limits, berlin(hour, minute), ZONE)).toBe(cap);
  });

  test.each([
    [21, 59, 1_000],
    [22, 0, null],
    [0, 0, null],
    [5, 59, null],
    [6, 0, 1_000],
  ])("within hours over midnight: %i:%i", (hour, minute, cap) => {
    const limits = { bandwidthCapBytesPerSecond: 1_000, bandwidthSchedule: night };
    expect(capAt(limits, berlin(hour, minute), ZONE)).toBe(cap);
  });
});

test("minutes are those of the site's clock, summer and winter", () => {
  expect(minuteOfDay(Date.UTC(2026, 0, 15, 12, 5), ZONE)).toBe(13 * 60 + 5);
  expect(minuteOfDay(Date.UTC(2026, 6, 15, 12, 5), ZONE)).toBe(14 * 60 + 5);
  expect(minuteOfDay(Date.UTC(2026, 0, 14, 23), ZONE)).toBe(0);
});
