import { expect, test } from "vitest";
import { formatBytes, formatRate } from "./amount-words.ts";

test("amounts are said shortly, in decimal units", () => {
  const amounts = [0, 999, 1_000, 4_200_000_000, 999_999];
  expect(amounts.map(formatBytes)).toEqual(["0 B", "999 B", "1.0 kB", "4.2 GB", "1.0 MB"]);
  expect(formatRate(12_500_000)).toBe("12.5 MB/s");
});
