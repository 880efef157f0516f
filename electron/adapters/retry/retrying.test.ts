import fc from "fast-check";
import { expect, test } from "vitest";
import { backoffMs } from "./retrying.ts";

const attempts = fc.integer({ min: 1, max: 10_000 });

test("a pause is never shorter than a quarter of a second nor longer than a minute", () => {
  fc.assert(
    fc.property(
      attempts,
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempt, random) => {
        const pauseMs = backoffMs(attempt, random);
        expect(pauseMs).toBeGreaterThanOrEqual(250);
        expect(pauseMs).toBeLessThanOrEqual(60_000);
        expect(Number.isInteger(pauseMs)).toBe(true);
      },
    ),
  );
});

test("its ceiling doubles from one second to a minute and stays there", () => {
  const almostOne = 1 - Number.EPSILON;
  const ceilings = [1, 2, 3, 4, 5, 6, 7, 8, 2_000].map((attempt) => backoffMs(attempt, almostOne));
  expect(ceilings).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});

test("consoles that lost the same service come back spread out", () => {
  expect(new Set(Array.from({ length: 50 }, () => backoffMs(6))).size).toBeGreaterThan(25);
});
