import { expect, test } from "vitest";
import { joinedRanges, lostFootage } from "./lost-footage.ts";

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
