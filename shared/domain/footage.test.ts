import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { coveredMs, gapsWithin, type Run } from "./footage.ts";
import { durationMs, intersect } from "./time-range.ts";

/** Runs in order; a distance of 0 makes two of them touch. */
const orderedRuns = fc
  .array(
    fc.record({ distanceMs: fc.integer({ min: 0, max: 40 }), lengthMs: fc.integer({ min: 1, max: 40 }) }),
    {
      maxLength: 8,
    },
  )
  .map((steps) => {
    const runs: Run[] = [];
    let atMs = 0;
    for (const { distanceMs, lengthMs } of steps) {
      runs.push({ startUtcMs: atMs + distanceMs, endUtcMs: atMs + distanceMs + lengthMs });
      atMs += distanceMs + lengthMs;
    }
    return runs;
  });

const askedRange = fc
  .record({ startUtcMs: fc.integer({ min: 0, max: 300 }), lengthMs: fc.integer({ min: 1, max: 200 }) })
  .map(({ startUtcMs, lengthMs }) => ({ startUtcMs, endUtcMs: startUtcMs + lengthMs }));

describe("gaps in footage", () => {
  test("runs and gaps together fill the asked range exactly", () => {
    fc.assert(
      fc.property(askedRange, orderedRuns, (range, runs) => {
        const inside = runs.flatMap((run) => intersect(run, range) ?? []);
        const pieces = [...inside, ...gapsWithin(range, runs)].toSorted(
          (a, b) => a.startUtcMs - b.startUtcMs,
        );
        let reachedMs = range.startUtcMs;
        for (const piece of pieces) {
          expect(piece.startUtcMs).toBe(reachedMs);
          expect(durationMs(piece)).toBeGreaterThan(0);
          reachedMs = piece.endUtcMs;
        }
        expect(reachedMs).toBe(range.endUtcMs);
        expect(coveredMs(range, runs)).toBe(inside.reduce((sum, run) => sum + durationMs(run), 0));
      }),
    );
  });

  test("a range without any run is one gap", () => {
    const range = { startUtcMs: 10, endUtcMs: 20 };
    expect(gapsWithin(range, [])).toEqual([range]);
    expect(coveredMs(range, [])).toBe(0);
  });

  test("a run that reaches beyond both ends leaves no gap", () => {
    expect(gapsWithin({ startUtcMs: 10, endUtcMs: 20 }, [{ startUtcMs: 0, endUtcMs: 99 }])).toEqual([]);
  });
});
