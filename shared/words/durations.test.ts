import fc from "fast-check";
import { expect, test } from "vitest";
import { formatDuration, formatExactDuration, formatRoughDuration } from "./durations.ts";

test("durations name hours, minutes and seconds, and milliseconds only where there are any", () => {
  const words = [90_000, 3_723_000, 86_400_000, 7_250, 65_250, 61_005, 0, 59_999.6].map(formatDuration);
  expect(words).toEqual([
    "1 min 30 s",
    "1 h 02 min 03 s",
    "24 h 00 min 00 s",
    "7.250 s",
    "1 min 05.250 s",
    "1 min 01.005 s",
    "0 s",
    "1 min 00 s",
  ]);
  expect([3_723_250, 65_250, -1].map(formatExactDuration)).toEqual([
    "01:02:03.250",
    "00:01:05.250",
    "00:00:00.000",
  ]);
});

test("a rough duration has two units at most, the second where there is any of it", () => {
  const HOUR_MS = 3_600_000;
  const short = [-1, 40_400, 59_600, 242_000, 25 * 60_000, HOUR_MS - 1];
  expect(short.map(formatRoughDuration)).toEqual(["0 s", "40 s", "1 min", "4 min 02 s", "25 min", "1 h"]);
  const long = [2.08 * HOUR_MS, 47 * HOUR_MS, 48 * HOUR_MS - 1, 76.2 * HOUR_MS, 30 * 24 * HOUR_MS];
  expect(long.map(formatRoughDuration)).toEqual(["2 h 05 min", "47 h", "2 days", "3 days 4 h", "30 days"]);
});

test("a rough duration is wrong by half of its second unit at most", () => {
  const UNITS_MS = { days: 86_400_000, h: 3_600_000, min: 60_000, s: 1_000 };
  const SECOND = { days: UNITS_MS.h, h: UNITS_MS.min, min: UNITS_MS.s, s: UNITS_MS.s };
  fc.assert(
    fc.property(fc.nat({ max: 4_000_000_000 }), (ms) => {
      const said = [...formatRoughDuration(ms).matchAll(/(\d+) (days|h|min|s)/g)].map(([, count, unit]) => ({
        count: Number(count),
        unit: unit as keyof typeof UNITS_MS,
      }));
      const saidMs = said.reduce((sum, { count, unit }) => sum + count * UNITS_MS[unit], 0);
      expect(Math.abs(saidMs - ms)).toBeLessThanOrEqual(SECOND[said[0]?.unit ?? "s"] / 2);
    }),
  );
});

test("both ways to say a duration say the same milliseconds", () => {
  const read = (text: string): number => {
    const {
      h = "0",
      min = "0",
      s = "",
    } = /^(?:(?<h>\d+) h )?(?:(?<min>\d+) min )?(?<s>[\d.]+) s$/.exec(text)?.groups ?? {};
    return Math.round((Number(h) * 3600 + Number(min) * 60 + Number(s)) * 1000);
  };
  const readExact = (text: string): number => {
    const [h = NaN, min = NaN, s = NaN] = text.split(":").map(Number);
    return Math.round((h * 3600 + min * 60 + s) * 1000);
  };
  fc.assert(
    fc.property(fc.nat({ max: 400_000_000 }), (ms) => {
      expect([read(formatDuration(ms)), readExact(formatExactDuration(ms))]).toEqual([ms, ms]);
    }),
  );
});
