import { expect, test } from "vitest";
import { bytesText, countText, durationText } from "./amount-text.ts";

test("lengths have one decimal and never read 1000", () => {
  expect(bytesText(0)).toBe("0 B");
  expect(bytesText(512)).toBe("512 B");
  expect(bytesText(44_120_000)).toBe("44.1 MB");
  expect(bytesText(999_960_000)).toBe("1.0 GB");
});

test("durations name hours, minutes and seconds, and milliseconds only where there are any", () => {
  expect(durationText(90_000)).toBe("1 min 30 s");
  expect(durationText(3_665_000)).toBe("1 h 01 min 05 s");
  expect(durationText(86_400_000)).toBe("24 h 00 min 00 s");
  expect(durationText(4_250)).toBe("4.250 s");
  expect(durationText(61_005)).toBe("1 min 01.005 s");
});

test("counts agree with their noun", () => {
  expect([0, 1, 1200].map((n) => countText(n, "segment"))).toEqual([
    "no segments",
    "1 segment",
    "1,200 segments",
  ]);
});
