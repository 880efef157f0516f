import fc from "fast-check";
import { expect, test } from "vitest";
import {
  positionBesideGap,
  breaksBetween,
  findFootage,
  frameLengthS,
  instantAt,
  missingWithin,
  shownRuns,
} from "./shown-time.ts";

const runs = shownRuns([
  { startUtc: "2026-11-23T14:00:00.000Z", endUtc: "2026-11-23T14:01:00.000Z", mediaStartS: 0 },
  { startUtc: "2026-11-23T14:05:00.000Z", endUtc: "2026-11-23T14:05:30.000Z", mediaStartS: 60 },
]);
const first = Date.parse("2026-11-23T14:00:00Z");

test("after a gap the wall clock jumps while the media goes on", () => {
  expect(instantAt(59.9, runs)).toBe(first + 59_900);
  expect(instantAt(60, runs)).toBe(first + 300_000);
  expect(instantAt(59.999_9, runs)).toBe(first + 300_000);
  expect(instantAt(75.5, runs)).toBe(first + 315_500);
});

test("positions before the first and after the last frame are held at the ends", () => {
  expect(instantAt(-1, runs)).toBe(first);
  expect(instantAt(1_000, runs)).toBe(first + 330_000);
  expect(instantAt(0, [])).toBeNull();
});

test("an instant in a gap names the run that follows", () => {
  expect(findFootage(first + 120_000, runs)).toEqual({ kind: "gap", next: runs[1] });
  expect(findFootage(first + 330_000, runs)).toEqual({ kind: "gap", next: null });
  expect(findFootage(first - 1, runs)).toEqual({ kind: "gap", next: runs[0] });
});

test("every whole millisecond of footage is found and leads back to itself", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 329_999 }), (offsetMs) => {
      const found = findFootage(first + offsetMs, runs);
      if (found.kind === "footage") expect(instantAt(found.mediaS, runs)).toBe(first + offsetMs);
      else expect(offsetMs >= 60_000 && offsetMs < 300_000).toBe(true);
    }),
  );
});

/** As a service serves them that holds the last frame of a run until the next run begins. */
const heldRuns = shownRuns([
  { startUtc: "2026-11-23T14:00:00.000Z", endUtc: "2026-11-23T14:01:00.000Z", mediaStartS: 0 },
  { startUtc: "2026-11-23T14:05:00.000Z", endUtc: "2026-11-23T14:05:30.000Z", mediaStartS: 300 },
]);

test("a gap that the video holds a frame over is left on the side one was going to", () => {
  expect(positionBesideGap(60, "forward", heldRuns)).toBeCloseTo(300.004, 9);
  expect(positionBesideGap(299.9, "backward", heldRuns)).toBeCloseTo(59.996, 9);
  expect(positionBesideGap(59.99, "forward", heldRuns)).toBe(59.99);
  expect(positionBesideGap(310, "backward", heldRuns)).toBe(310);
});

test("a gap that the video leaves out is nothing to step over", () => {
  expect(positionBesideGap(60, "forward", runs)).toBe(60);
  expect(positionBesideGap(59.99, "backward", runs)).toBe(59.99);
});

test("what is missing of the asked range is told, its beginning and end included", () => {
  const asked = { startUtcMs: first - 30_000, endUtcMs: first + 400_000 };
  expect(missingWithin(asked, runs)).toEqual([
    { startUtcMs: first - 30_000, endUtcMs: first },
    { startUtcMs: first + 60_000, endUtcMs: first + 300_000 },
    { startUtcMs: first + 330_000, endUtcMs: first + 400_000 },
  ]);
  expect(missingWithin({ startUtcMs: first - 150, endUtcMs: first + 60_100 }, runs)).toEqual([]);
});

/** The clock was set back by ten seconds, and later something is missing. */
const setBackRuns = shownRuns([
  { startUtc: "2026-11-23T14:00:00.000Z", endUtc: "2026-11-23T14:01:00.000Z", mediaStartS: 0 },
  { startUtc: "2026-11-23T14:00:50.000Z", endUtc: "2026-11-23T14:01:30.000Z", mediaStartS: 60 },
  { startUtc: "2026-11-23T14:02:00.000Z", endUtc: "2026-11-23T14:03:00.000Z", mediaStartS: 130 },
]);

test("where a clock was set back each picture has its own time, and an instant the picture of the run that is shown", () => {
  expect(instantAt(55, setBackRuns)).toBe(first + 55_000);
  expect(instantAt(65, setBackRuns)).toBe(first + 55_000);
  expect(findFootage(first + 55_000, setBackRuns)).toEqual({ kind: "footage", mediaS: 55 });
  expect(findFootage(first + 55_000, setBackRuns, 61)).toEqual({ kind: "footage", mediaS: 65 });
  expect(findFootage(first + 10_000, setBackRuns, 61)).toEqual({ kind: "footage", mediaS: 10 });
  expect(findFootage(first + 95_000, setBackRuns)).toEqual({ kind: "gap", next: setBackRuns[2] });
  expect(breaksBetween(setBackRuns)).toEqual({ gaps: 1, setBack: 1 });
  expect(breaksBetween(heldRuns)).toEqual({ gaps: 1, setBack: 0 });
});

test("while a frame is held the clock stays at the end of its run", () => {
  expect(instantAt(200, heldRuns)).toBe(first + 60_000);
});

test("the length of a frame does not count gaps", () => {
  expect(frameLengthS(heldRuns, 2_250)).toBeCloseTo(0.04, 9);
  expect(frameLengthS(runs, 2_250)).toBeCloseTo(0.04, 9);
});
