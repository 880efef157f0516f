import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PresentationOrder } from "./presentation-order.ts";
import { SteadyStart } from "./steady-start.ts";

const FRAME_US = 100_000;

interface Coded {
  readonly decodeUs: number;
  readonly mediaUs: number;
}

/** A stream of `bFrames` between others, each sent on time: I P B B P B B … with times of decoding as ffmpeg makes them. */
function coded(bFrames: number, groups: number): Coded[] {
  const shown = [0];
  for (let group = 0; group < groups; group++) {
    const first = group * (bFrames + 1) + 1;
    shown.push(first + bFrames, ...Array.from({ length: bFrames }, (_, at) => first + at));
  }
  return shown.map((place, at) => ({ decodeUs: (at - 1) * FRAME_US, mediaUs: place * FRAME_US }));
}

/** Two frames wait in ffmpeg: what is dated was seen before. */
function shownUs(
  order: PresentationOrder,
  frames: readonly Coded[],
  lateUs: (at: number) => number,
): number[] {
  frames.slice(0, 2).forEach((frame) => order.see(frame));
  return frames.map((frame, at) => {
    const next = frames[at + 2];
    if (next !== undefined) order.see(next);
    return order.instant(frame, at * FRAME_US + lateUs(at), 1);
  });
}

test.each([1, 2, 3])("with %d B-frames each is shown in its order, and around its arrival", (bFrames) => {
  const frames = coded(bFrames, 20);
  const instants = shownUs(new PresentationOrder(), frames, () => 0);
  const inOrder = frames.map(({ mediaUs }, at) => ({ mediaUs, us: instants[at] ?? 0 }));
  inOrder.sort((a, b) => a.mediaUs - b.mediaUs);
  inOrder.slice(1).forEach(({ us }, at) => expect(us).toBeGreaterThan(inOrder[at]?.us ?? 0));
  const worstUs = Math.max(...instants.map((us, at) => Math.abs(us - at * FRAME_US)));
  // As far as the first of them comes before its place, and the others after theirs: no even pace is nearer to all.
  expect(worstUs).toBe(((bFrames + 1) * FRAME_US) / 2);
});

test("whatever corrections the clock gets, frames are shown in their order", () => {
  const late = fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1 });
  fc.assert(
    fc.property(late, (lateUs) => {
      const frames = coded(2, 20);
      const instants = shownUs(new PresentationOrder(), frames, (at) => lateUs[at % lateUs.length] ?? 0);
      const places = frames.map(({ mediaUs }, at) => ({ mediaUs, us: instants[at] ?? 0 }));
      places.sort((a, b) => a.us - b.us);
      places.slice(1).forEach(({ mediaUs }, at) => expect(mediaUs).toBeGreaterThan(places[at]?.mediaUs ?? 0));
    }),
  );
});

test("an offset that a jump of the clock makes moves no frame", () => {
  const frames = coded(2, 20);
  const jumped = frames.map((frame, at) =>
    at === 40 ? { ...frame, mediaUs: frame.mediaUs + 800_000 } : frame,
  );
  const instants = shownUs(new PresentationOrder(), jumped, () => 0);
  expect(Math.abs((instants[40] ?? 0) - 40 * FRAME_US)).toBeLessThan(300_000);
});

test("frames that come in the order in which they are shown are left where they are", () => {
  const frames = coded(0, 40);
  const instants = shownUs(new PresentationOrder(), frames, () => 0);
  expect(instants).toEqual(frames.map((_, at) => at * FRAME_US));
});

describe("the first frames of a stream that declares another rate than it has", () => {
  /** As ffmpeg 5 and 7 give them out: five frames a second of a stream that declares ten. */
  const half = [
    [0, 0],
    [600, 100],
    [200, 200],
    [400, 400],
    [1_200, 600],
  ];
  /** And twenty of the same: what would be shown before it is decoded is moved. */
  const twice = [
    [0, 0],
    [150, 100],
    [100, 100],
    [100, 100],
    [300, 150],
    [200, 200],
    [250, 250],
    [450, 300],
  ];

  const seen = (rows: readonly (readonly number[])[]): { order: PresentationOrder; frames: Coded[] } => {
    const frames = rows.map(([shownMs = 0, decodedMs = 0]) => ({
      mediaUs: shownMs * 1000,
      decodeUs: decodedMs * 1000,
    }));
    const order = new PresentationOrder();
    frames.forEach((frame) => order.see(frame));
    return { order, frames };
  };

  test.each([
    ["half of it", half, 200_000],
    ["twice it", twice, 50_000],
  ])("come as evenly as the others: %s", (_, rows, stepUs) => {
    const { order, frames } = seen(rows);
    const times = order.comingUs(frames);
    times.slice(1).forEach((timeUs, at) => expect(timeUs - (times[at] ?? 0)).toBe(stepUs));
    expect(times.at(-1)).toBe(frames.at(-1)?.decodeUs);
  });

  test("tell the camera's pace: it is not what the declared rate would make of it", () => {
    const { order, frames } = seen(half);
    const paces: number[] = [];
    const start = new SteadyStart<Coded>(
      (samples) => order.comingUs(samples),
      () => undefined,
      (pace) => void paces.push(pace),
    );
    for (const [at, sample] of frames.entries())
      start.push({ sample, arrivalUs: at * 200_000, laterArrivalsUs: [] });
    expect(paces).toEqual([1]);
  });
});
