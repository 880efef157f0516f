import { describe, expect, test } from "vitest";
import { findHoles, findHolesBefore } from "./recorded-footage-file.ts";
import { footageWithin, withoutHoles } from "./runs.ts";

const TIME_SCALE = 1000;

/** Frames of the given lengths, milliseconds. @param lostBefore frames before which some got lost */
function frames(lengths: readonly number[], lostBefore: readonly number[] = []) {
  const samples = lengths.map((durationTicks, at) => ({
    ...{ offset: 0, sizeBytes: 1, durationTicks, compositionOffsetTicks: 0, isSync: false },
    ...{ isBehindLoss: lostBefore.includes(at) },
  }));
  return { firstDecodeTicks: 5_000, samples };
}

describe("a hole inside a footage file", () => {
  test("is behind a frame that lasts far longer than the others", () => {
    expect(findHoles(frames([100, 100, 100, 2_000, 100]), TIME_SCALE)).toEqual([
      { start: 5_400, end: 7_300 },
    ]);
  });

  test("is not what uneven arrival of frames looks like", () => {
    expect(findHoles(frames([60, 140, 90, 320, 100, 480]), TIME_SCALE)).toEqual([]);
    expect(findHoles(frames([1_000, 1_000, 1_900]), TIME_SCALE)).toEqual([]);
  });

  test.each([600, 800, 1_000])("is not where a camera left out frames for %d ms, and none got lost", (ms) => {
    const sent = [100, 100, 100, ms, 100, 100];
    expect(findHoles(frames(sent), TIME_SCALE)).toEqual([]);
    expect(findHoles(frames(sent, [2, 3, 5]), TIME_SCALE)).toEqual([]);
    const hole = { start: 5_400, end: 5_300 + ms };
    expect(findHoles(frames(sent, [4]), TIME_SCALE)).toEqual([hole]);
    // What is in the index of an earlier version stays right.
    expect(findHolesBefore(frames(sent), TIME_SCALE)).toEqual([[hole], [hole]]);
  });

  test("is not behind a frame that came late, whatever got lost of it", () => {
    expect(findHoles(frames([100, 100, 100, 400, 100], [4]), TIME_SCALE)).toEqual([]);
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
