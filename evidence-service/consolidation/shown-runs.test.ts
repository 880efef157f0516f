import fc from "fast-check";
import { expect, test } from "vitest";
import { SampleColumns } from "#media/sample-columns.ts";
import type { Track } from "#media/track.ts";
import { joinSegments } from "./join-segments.ts";
import { segmentTracks } from "./segment-track.ts";
import { shownRuns } from "./shown-runs.ts";

const FRAME_MS = 40;
const GAP_MS = 2_000;
const START_UTC_MS = Date.parse("2026-11-23T10:00:00.000Z");
const track: Track = {
  ...{ trackId: 1, handler: "vide", timescale: 1_000, codec: "avc1", width: 2, height: 2 },
  sampleEntry: Buffer.alloc(86, "avc1"),
};

interface Frame {
  readonly decodedMs: number;
  readonly shownMs: number;
}

/** One segment without an edit list, decoded in the order given. */
function joinedOf(frames: readonly Frame[]) {
  const samples = frames.map(({ decodedMs, shownMs }, index) => ({
    ...{ offset: index * 100, sizeBytes: 100, isSync: index === 0 },
    durationTicks: (frames[index + 1]?.decodedMs ?? decodedMs + FRAME_MS) - decodedMs,
    compositionOffsetTicks: shownMs - decodedMs,
  }));
  const file = { track, samples: SampleColumns.of(samples), edits: [] };
  return joinSegments([segmentTracks(file, { source: 0, startUtcMs: START_UTC_MS, bringsSets: false })[0]!]);
}

/** Frames with gaps of seconds between some, decoded in another order than shown, within groups. */
const footage = fc
  .array(fc.record({ gapMs: fc.constantFrom(0, 0, 0, 3_000, 60_000), order: fc.nat({ max: 100 }) }), {
    minLength: 1,
    maxLength: 200,
  })
  .chain((all) => fc.integer({ min: 1, max: 16 }).map((group) => ({ all, group })))
  .map(({ all, group }) => {
    let atMs = 0;
    const shown = all.map(({ gapMs }) => (atMs += FRAME_MS + gapMs));
    const decoded = shown.map((ms) => ms - FRAME_MS);
    const order = all.map((_, index) => index);
    for (let from = 0; from < order.length; from += group) {
      const part = order.slice(from, from + group).toSorted((a, b) => all[a]!.order - all[b]!.order);
      order.splice(from, group, ...part);
    }
    return order.map((frame, index) => ({ decodedMs: decoded[index]!, shownMs: shown[frame]! }));
  });

test("every frame is counted, and runs end where two frames are seconds apart", async () => {
  await fc.assert(
    fc.asyncProperty(footage, async (frames) => {
      const times = frames.map(({ shownMs }) => shownMs).toSorted((a, b) => a - b);
      const isFirst = (_: number, index: number): boolean =>
        index === 0 || times[index]! - times[index - 1]! > GAP_MS;
      // Of footage that consists of gaps alone nobody can say what its usual frame is.
      fc.pre(times.filter(isFirst).length * 2 < times.length);
      const { frameCount, runs } = await shownRuns(await joinedOf(frames));
      expect(frameCount).toBe(frames.length);
      expect(runs.map(({ startUtc }) => Date.parse(startUtc) - START_UTC_MS + times[0]!)).toEqual(
        times.filter(isFirst),
      );
      for (const { startUtc, endUtc } of runs) expect(startUtc < endUtc).toBe(true);
    }),
  );
});

/** A second of footage, 25 frames, whose clock says so. */
function secondAt(source: number, startUtcMs: number) {
  const samples = Array.from({ length: 25 }, (_, index) => ({
    ...{ offset: index * 100, sizeBytes: 100 + source * 1_000 + index, isSync: index === 0 },
    ...{ durationTicks: FRAME_MS, compositionOffsetTicks: 0 },
  }));
  const file = { track, samples: SampleColumns.of(samples), edits: [] };
  return segmentTracks(file, { source, startUtcMs, bringsSets: false })[0]!;
}

test.each([
  ["goes back", -600],
  ["goes back a little", -30],
  ["goes on a little", 60],
])("a run ends where the clock of what was recorded %s", async (_words, byMs) => {
  const joined = await joinSegments([secondAt(0, START_UTC_MS), secondAt(1, START_UTC_MS + 1_000 + byMs)]);
  const { frameCount, runs } = await shownRuns(joined);
  expect(frameCount).toBe(50);
  const at = (ms: number): string => new Date(START_UTC_MS + ms).toISOString();
  expect(runs).toEqual([
    { startUtc: at(0), endUtc: at(1_000), mediaStartS: 0 },
    { startUtc: at(1_000 + byMs), endUtc: at(2_000 + byMs), mediaStartS: 1 },
  ]);
});

test("clocks that agree to milliseconds are one", async () => {
  const joined = await joinSegments([secondAt(0, START_UTC_MS), secondAt(1, START_UTC_MS + 1_003)]);
  expect((await shownRuns(joined)).runs).toHaveLength(1);
});

test("frames in an order that no decoder could keep up with are damage", async () => {
  const count = 66;
  const reversed = Array.from({ length: count }, (_, index) => ({
    decodedMs: index * FRAME_MS,
    shownMs: (count - index) * FRAME_MS,
  }));
  await expect(joinedOf(reversed).then(shownRuns)).rejects.toMatchObject({ code: "OUT_OF_RANGE" });
  await expect(joinedOf(reversed.slice(0, -1)).then(shownRuns)).resolves.toMatchObject({ frameCount: 65 });
});

test("footage with more gaps than anybody could be shown is refused", async () => {
  const pairs = Array.from({ length: 50_001 }, (_, pair) => [pair * 3_000, pair * 3_000 + FRAME_MS]).flat();
  const joined = await joinedOf(pairs.map((ms) => ({ decodedMs: ms, shownMs: ms })));
  await expect(shownRuns(joined)).rejects.toMatchObject({ code: "UNSUPPORTED" });
});
