import { describe, expect, test } from "vitest";
import { findHoles } from "./recorded-segment.ts";
import { footageWithin, withoutHoles } from "./runs.ts";

const TIME_SCALE = 1000;

/** Frames of the given lengths, milliseconds. */
function frames(lengths: readonly number[]) {
  const samples = lengths.map((durationTicks) => ({
    ...{ offset: 0, sizeBytes: 1, durationTicks, compositionOffsetTicks: 0, isSync: false },
  }));
  return { firstDecodeTicks: 5_000, samples };
}

describe("a hole inside a segment", () => {
  test("is behind a frame that lasts far longer than the others", () => {
    expect(findHoles(frames([100, 100, 100, 2_000, 100]), TIME_SCALE)).toEqual([
      { start: 5_400, end: 7_300 },
    ]);
  });

  test("is not what uneven arrival of frames looks like", () => {
    expect(findHoles(frames([60, 140, 90, 320, 100, 480]), TIME_SCALE)).toEqual([]);
    expect(findHoles(frames([1_000, 1_000, 1_900]), TIME_SCALE)).toEqual([]);
  });

  test("is not where a camera begins to send fewer frames, or more again", () => {
    expect(findHoles(frames([100, 100, 100, 100, 1_000, 1_000, 1_000]), TIME_SCALE)).toEqual([]);
    expect(findHoles(frames([1_000, 1_000, 100, 100, 100, 100, 100]), TIME_SCALE)).toEqual([]);
  });

  test("is a gap between two runs", () => {
    const stretch = { startUs: 0, endUs: 8_000_000, frameUs: 100_000 };
    const cut = withoutHoles([stretch], [{ startUs: 2_000_000, endUs: 4_000_000 }]);
    expect(footageWithin({ startUtcMs: 0, endUtcMs: 8_000 }, cut)).toEqual({
      runs: [
        { startUtcMs: 0, endUtcMs: 2_000 },
        { startUtcMs: 4_000, endUtcMs: 8_000 },
      ],
      gaps: [{ startUtcMs: 2_000, endUtcMs: 4_000 }],
    });
  });
});
