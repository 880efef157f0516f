import { expect, test } from "vitest";
import {
  formatBytes,
  formatCount,
  formatFrameRate,
  formatIssues,
  formatNumber,
  formatRate,
} from "./amounts.ts";

test("amounts are said shortly, in decimal units", () => {
  const amounts = [0, 999, 1_000, 4_200_000_000, 999_999, 105_300_000, 999_960_000];
  expect(amounts.map(formatBytes)).toEqual([
    "0 B",
    "999 B",
    "1.0 kB",
    "4.2 GB",
    "1.0 MB",
    "105 MB",
    "1.0 GB",
  ]);
  expect(formatRate(12_500_000)).toBe("12.5 MB/s");
});

test("counts agree with their noun", () => {
  const counts = [0, 1, 1200].map((count) => formatCount(count, "segment"));
  expect(counts).toEqual(["no segments", "1 segment", "1,200 segments"]);
  expect([0, 1, 12].map(formatIssues)).toEqual(["no errors", "1 issue", "12 issues"]);
});

test("exact numbers have their thousands apart, and rates of frames two digits", () => {
  expect([0, 999, 1_234_567].map(formatNumber)).toEqual(["0", "999", "1,234,567"]);
  expect([15, 29.97, 1 / 3].map(formatFrameRate)).toEqual([
    "15.00 frames/s",
    "29.97 frames/s",
    "0.33 frames/s",
  ]);
});
