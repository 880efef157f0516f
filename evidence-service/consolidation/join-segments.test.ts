import { expect, test } from "vitest";
import type { PlacedSample } from "#media/progressive-writer.ts";
import { SampleColumns } from "#media/sample-columns.ts";
import type { Sample, Track } from "#media/track.ts";
import { isShown, joinSegments, type JoinedTrack } from "./join-segments.ts";
import { segmentTracks } from "./segment-track.ts";

const TIMESCALE = 1_000;
const FRAME = 40;
const GOP = 50;
const START_UTC_MS = Date.parse("2026-11-23T10:00:00.000Z");

const track = (codec = "avc1"): Track => ({
  trackId: 1,
  handler: "vide",
  timescale: TIMESCALE,
  codec,
  width: 2,
  height: 2,
  sampleEntry: Buffer.alloc(86, codec),
});

/** Frame n of a camera; its size tells which one it is. */
function frame(number: number, offset: number): Sample {
  const isSync = number % GOP === 0;
  return { offset, sizeBytes: 1_000 + number, durationTicks: FRAME, compositionOffsetTicks: 0, isSync };
}

/** Frames [from, to), cut as an archive does it. */
function cut(
  source: number,
  from: number,
  to: number,
  startUtcMs = START_UTC_MS + from * FRAME,
  codec = "avc1",
) {
  const keyframe = from - (from % GOP);
  const samples = Array.from({ length: to - keyframe }, (_, index) => frame(keyframe + index, index * 5_000));
  const edits = [{ mediaStartTicks: (from - keyframe) * FRAME, durationTicks: (to - from) * FRAME }];
  const file = { track: track(codec), samples: SampleColumns.of(samples), edits };
  return segmentTracks(file, { source, startUtcMs, bringsSets: false })[0]!;
}

const all = ({ samples }: JoinedTrack): PlacedSample[] =>
  Array.from({ length: samples.length }, (_, index) => samples.at(index)!);
const numbers = (samples: readonly Sample[]): number[] => samples.map(({ sizeBytes }) => sizeBytes - 1_000);
const durations = (samples: readonly Sample[]): number[] => samples.map(({ durationTicks }) => durationTicks);
const counting = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);

test("segments cut in the middle of a group of pictures hold every frame once", async () => {
  const joined = await joinSegments([cut(0, 20, 120), cut(1, 120, 230), cut(2, 230, 300)]);
  expect(numbers(all(joined))).toEqual(counting(0, 300));
  expect(joined.edits).toEqual([{ mediaStartTicks: 20 * FRAME, durationTicks: 280 * FRAME }]);
  expect(new Set(durations(all(joined)))).toEqual(new Set([FRAME]));
  expect(joined.places.map((place) => place.startTicks)).toEqual([20 * FRAME, 120 * FRAME, 230 * FRAME]);
});

test("starts that are up to a frame off the first frame's instant do not tear segments apart", async () => {
  const second = cut(1, 120, 200, START_UTC_MS + 120 * FRAME + 37);
  const joined = await joinSegments([cut(0, 0, 120), second]);
  expect(numbers(all(joined))).toEqual(counting(0, 200));
  expect(joined.edits).toEqual([{ mediaStartTicks: 0, durationTicks: 200 * FRAME }]);
});

test("over a gap the last frame lasts until the next one, and pre-roll of its own stays hidden", async () => {
  const joined = await joinSegments([cut(0, 0, 50), cut(1, 110, 200)]);
  expect(numbers(all(joined))).toEqual([...counting(0, 50), ...counting(100, 200)]);
  expect(joined.edits).toEqual([
    { mediaStartTicks: 0, durationTicks: 110 * FRAME - 10 },
    { mediaStartTicks: 110 * FRAME, durationTicks: 90 * FRAME },
  ]);
  const onKeyframe = await joinSegments([cut(0, 0, 50), cut(1, 100, 200)]);
  expect(onKeyframe.samples.at(49)?.durationTicks).toBe(51 * FRAME);
  expect(onKeyframe.edits).toHaveLength(1);
});

/** As a file codes frames 0 to 6 with two B-frames between others: decoded in this order, each for a frame's time. */
function withBFrames(source: number, fromMs: number, toMs: number, startUtcMs: number) {
  const samples = [0, 3, 1, 2, 6, 4, 5].map((shown, decoded) => ({
    ...{
      offset: decoded,
      sizeBytes: 1_000 + source * 10 + shown,
      isSync: decoded === 0,
      durationTicks: FRAME,
    },
    compositionOffsetTicks: (shown + 2 - decoded) * FRAME,
  }));
  const edits = [{ mediaStartTicks: 2 * FRAME + fromMs, durationTicks: toMs - fromMs }];
  const file = { track: track(), samples: SampleColumns.of(samples), edits };
  return segmentTracks(file, { source, startUtcMs, bringsSets: false })[0]!;
}

test("frames beside what is shown, there only to decode others, are shown nowhere and last one tick", async () => {
  // The first ends before frame 6, which frames 4 and 5 need; the second begins with frame 3, which is decoded before 1 and 2.
  const joined = await joinSegments([
    withBFrames(0, 0, 6 * FRAME, START_UTC_MS),
    withBFrames(1, 3 * FRAME, 7 * FRAME, START_UTC_MS + 5_000),
  ]);
  let decodeTicks = 0;
  const placed = all(joined).map(({ sizeBytes, durationTicks, compositionOffsetTicks }) => {
    const composedTicks = decodeTicks + compositionOffsetTicks;
    decodeTicks += durationTicks;
    return { number: sizeBytes - 1_000, composedTicks, durationTicks };
  });
  const shown = placed.filter(({ composedTicks }) => isShown(joined.edits, composedTicks));
  const times = shown.map(({ number, composedTicks }) => [number, composedTicks - 2 * FRAME] as const);
  const second = [13, 14, 15, 16].map((number, index) => [number, 5_000 + index * FRAME] as const);
  const first = [0, 1, 2, 3, 4, 5].map((number) => [number, number * FRAME] as const);
  expect(times.toSorted(([a], [b]) => a - b)).toEqual([...first, ...second]);
  const hidden = placed.filter(({ number }) => !shown.some((one) => one.number === number));
  expect(hidden.map(({ number, durationTicks }) => [number, durationTicks])).toEqual(
    [6, 10, 11, 12].map((n) => [n, 1]),
  );
});

test("segments that count in other ticks are counted in ticks that hold both, and no frame is lost", async () => {
  // Frames of a thirtieth of a second would be 33⅓ ticks of the first segment.
  const frames = Array.from({ length: 100 }, (_, index) => ({
    ...frame(100 + index, 0),
    durationTicks: 3_000,
  }));
  const file = { track: { ...track(), timescale: 90_000 }, samples: SampleColumns.of(frames), edits: [] };
  const [finer] = segmentTracks(file, {
    source: 1,
    startUtcMs: START_UTC_MS + 100 * FRAME,
    bringsSets: false,
  });
  const joined = await joinSegments([cut(0, 0, 100), finer!]);
  const samples = all(joined);
  expect(joined.track.timescale).toBe(90_000);
  expect(numbers(samples)).toEqual(counting(0, 200));
  expect(new Set(durations(samples).slice(100))).toEqual(new Set([3_000]));
  expect(new Set(durations(samples).slice(0, 100))).toEqual(new Set([FRAME * 90]));
  expect(joined.edits).toEqual([{ mediaStartTicks: 0, durationTicks: 100 * FRAME * 90 + 300_000 }]);
});

test("a coarse segment in front takes no frame from a fine one behind it", async () => {
  const frames = Array.from({ length: 60 }, (_, index) => ({ ...frame(index, 0), durationTicks: 256 }));
  const fine = { track: { ...track(), timescale: 15_360 }, samples: SampleColumns.of(frames), edits: [] };
  const second = Array.from({ length: 4 }, (_, index) => ({ ...frame(100 + index, 0), durationTicks: 1 }));
  const coarse = { track: { ...track(), timescale: 1 }, samples: SampleColumns.of(second), edits: [] };
  const [first] = segmentTracks(coarse, { source: 0, startUtcMs: START_UTC_MS, bringsSets: false });
  const [last] = segmentTracks(fine, { source: 1, startUtcMs: START_UTC_MS + 4_000, bringsSets: false });
  const joined = await joinSegments([first!, last!]);
  const lasting = durations(all(joined));
  expect(lasting).toHaveLength(64);
  expect(Math.min(...lasting)).toBe(256);
});

test("another picture codec is refused with the instant of the change", async () => {
  const changed = cut(1, 120, 200, undefined, "hvc1");
  await expect(joinSegments([cut(0, 0, 120), changed])).rejects.toMatchObject({
    code: "FORMAT_CHANGED",
    message: expect.stringContaining("2026-11-23 10:00:04.800 UTC"),
  });
});

test("no segments are no video", async () => {
  await expect(joinSegments([])).rejects.toMatchObject({ code: "NO_VIDEO" });
});
