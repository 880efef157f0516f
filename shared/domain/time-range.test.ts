import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutIntoSegments, durationMs, HOUR_MS, intersect, SEGMENT_MAX_MS } from "./time-range.ts";

const DAY_OF_STUDY = Date.UTC(2026, 9, 25);

const ranges = fc
  .record({
    startUtcMs: fc.integer({ min: 0, max: DAY_OF_STUDY }),
    lengthMs: fc.integer({ min: 1, max: 24 * HOUR_MS }),
  })
  .map(({ startUtcMs, lengthMs }) => ({ startUtcMs, endUtcMs: startUtcMs + lengthMs }));

describe("cutting a range into segments", () => {
  test("the pieces fill the range without a hole or an overlap, none over 60 minutes", () => {
    fc.assert(
      fc.property(ranges, (range) => {
        const pieces = cutIntoSegments(range);
        expect(pieces[0]?.startUtcMs).toBe(range.startUtcMs);
        expect(pieces.at(-1)?.endUtcMs).toBe(range.endUtcMs);
        for (const [index, piece] of pieces.entries()) {
          expect(durationMs(piece)).toBeGreaterThan(0);
          expect(durationMs(piece)).toBeLessThanOrEqual(SEGMENT_MAX_MS);
          if (index > 0) expect(piece.startUtcMs).toBe(pieces[index - 1]?.endUtcMs);
        }
        expect(pieces.reduce((sum, piece) => sum + durationMs(piece), 0)).toBe(durationMs(range));
        expect(pieces).toHaveLength(Math.ceil(durationMs(range) / SEGMENT_MAX_MS));
      }),
    );
  });

  test("exactly 60 minutes is one segment, a millisecond more is two", () => {
    expect(cutIntoSegments({ startUtcMs: 0, endUtcMs: HOUR_MS })).toHaveLength(1);
    expect(cutIntoSegments({ startUtcMs: 0, endUtcMs: HOUR_MS + 1 })).toEqual([
      { startUtcMs: 0, endUtcMs: HOUR_MS },
      { startUtcMs: HOUR_MS, endUtcMs: HOUR_MS + 1 },
    ]);
  });

  test("a day is cut into 24 segments of an hour, whatever a clock on the wall does", () => {
    const range = { startUtcMs: DAY_OF_STUDY, endUtcMs: DAY_OF_STUDY + 24 * HOUR_MS };
    const pieces = cutIntoSegments(range);
    expect(pieces).toHaveLength(24);
    expect(pieces.every((piece) => durationMs(piece) === HOUR_MS)).toBe(true);
  });

  test("nothing, a reversed range and pieces of no length are refused", () => {
    expect(() => cutIntoSegments({ startUtcMs: 5, endUtcMs: 5 })).toThrow(RangeError);
    expect(() => cutIntoSegments({ startUtcMs: 6, endUtcMs: 5 })).toThrow(RangeError);
    expect(() => cutIntoSegments({ startUtcMs: 0, endUtcMs: 5 }, 0)).toThrow(RangeError);
  });
});

describe("the part that two ranges share", () => {
  test("is the same whichever comes first and lies in both", () => {
    fc.assert(
      fc.property(ranges, ranges, (a, b) => {
        const shared = intersect(a, b);
        expect(intersect(b, a)).toEqual(shared);
        if (shared === null) {
          expect(a.endUtcMs <= b.startUtcMs || b.endUtcMs <= a.startUtcMs).toBe(true);
        } else {
          expect(shared.startUtcMs).toBe(Math.max(a.startUtcMs, b.startUtcMs));
          expect(shared.endUtcMs).toBe(Math.min(a.endUtcMs, b.endUtcMs));
          expect(durationMs(shared)).toBeGreaterThan(0);
        }
      }),
    );
  });

  test("neighbours share nothing, because an end is not part of a range", () => {
    expect(intersect({ startUtcMs: 0, endUtcMs: 10 }, { startUtcMs: 10, endUtcMs: 20 })).toBeNull();
  });
});
