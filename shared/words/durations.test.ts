import fc from "fast-check";
import { expect, test } from "vitest";
import { formatDuration, formatExactDuration } from "./durations.ts";

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
