import { expect, test } from "vitest";
import { joinedRanges, lostFootage, lostInWords } from "./lost-footage.ts";

const range = (startUtcMs: number, endUtcMs: number) => ({ startUtcMs, endUtcMs });
const ASKED = range(0, 100_000);

test("lost is what is missing now and was not before", () => {
  expect(lostFootage(ASKED, [range(10_000, 20_000)], [range(5_000, 30_000)])).toEqual([
    range(5_000, 10_000),
    range(20_000, 30_000),
  ]);
  expect(lostFootage(ASKED, [range(0, 40_000)], null)).toEqual([range(40_000, 100_000)]);
  expect(lostFootage(ASKED, [range(0, 40_000)], [range(0, 10_000)])).toEqual([]);
  expect(lostFootage(ASKED, [], [range(10, 60)])).toEqual([]);
});

test("stretches that follow each other are one", () => {
  expect(joinedRanges([range(0, 5), range(5, 9), range(10, 11)])).toEqual([range(0, 9), range(10, 11)]);
});

test("words tell how much, from when to when with the offset, and how many more there are", () => {
  const at = (text: string) => Date.parse(text);
  expect(
    lostInWords([range(at("2026-11-28T09:00:00Z"), at("2026-11-28T09:03:19.5Z"))], "Europe/Berlin"),
  ).toBe("3 min 20 s: 2026-11-28 10:00:00 UTC+01:00 to 10:03:20");
  expect(lostInWords([range(at("2026-10-25T00:59:00Z"), at("2026-10-25T01:01:00Z"))], "Europe/Berlin")).toBe(
    "2 min: 2026-10-25 02:59:00 UTC+02:00 to 02:01:00 UTC+01:00",
  );
  expect(
    lostInWords([range(at("2026-11-28T23:00:00Z"), at("2026-11-30T05:00:00Z"))], "America/St_Johns"),
  ).toBe("30 h: 2026-11-28 19:30:00 UTC−03:30 to 2026-11-30 01:30:00");
  expect(
    lostInWords(
      Array.from({ length: 5 }, (_unused, at) => range(at * 2_000, at * 2_000 + 1_000)),
      "UTC",
    ),
  ).toMatch(/^5 s: .*; .*; .*; 2 more$/);
});
