import { expect, test } from "vitest";
import { LIVE_FRAGMENT, type LiveFrame } from "#shared/archive-api/live-stream.ts";
import { HeldFrames } from "./held-frames.ts";

/** A frame that is decoded and shown at so many tenths of a second. */
function frameOf(sequence: number, decodedAt: number, shownAt: number, isKey = sequence === 1): LiveFrame {
  const fragment = new Uint8Array(120);
  new DataView(fragment.buffer).setBigUint64(LIVE_FRAGMENT.decodeAt, BigInt(decodedAt * 100_000));
  return { sequence, isKey, isKept: false, shownUtcMs: shownAt * 100, fragment };
}

/** In the order in which they are decoded: when each is shown. */
function held(...shownAt: readonly number[]): HeldFrames {
  const frames = new HeldFrames();
  for (const [at, shown] of shownAt.entries()) frames.add(frameOf(at + 1, at, shown));
  return frames;
}

const lengthUs = (bytes: Uint8Array): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(LIVE_FRAGMENT.lengthAt);
const besides = (frames: HeldFrames, utcMs: number): (number | undefined)[] =>
  [-1, 0, 1].map((pictures) => frames.beside(utcMs, pictures)?.shownUtcMs);

test("frames that come in another order than they are shown in are noticed", () => {
  expect([held(0, 1, 2).isReordered, held(0, 3, 1, 2).isReordered]).toEqual([false, true]);
});

const lengths = (frames: HeldFrames): [number, number][] =>
  frames.exact().map(({ frame, bytes }) => [frame.sequence, lengthUs(bytes)]);

test("each lasts until the next one is decoded; how long the newest lasts is not known", () => {
  const frames = held(0, 1, 2);
  frames.add(frameOf(4, 9, 9));
  expect(lengths(frames)).toEqual([
    [1, 100_000],
    [2, 100_000],
    [3, 700_000],
  ]);
  expect(lengthUs(frames.last()!)).toBe(700_000);
  expect(held(0).exact()).toHaveLength(1);
});

test("in another order each lasts until the next one is shown, and never less than half of its time in decoding", () => {
  const frames = held(0, 3, 1, 2);
  frames.add(frameOf(5, 9, 6));
  expect(lengths(frames)).toEqual([
    [1, 100_000],
    [2, 300_000],
    [3, 100_000],
    [4, 300_002],
  ]);
});

test("pictures beside one are those shown beside it, at whatever distance and in whatever order they came", () => {
  expect(besides(held(0, 3, 1, 2, 6, 4, 5), 199)).toEqual([0, 100, 200]);
  // From ten frames a second to one.
  expect(besides(held(0, 1, 2, 12, 22), 250)).toEqual([100, 200, 1200]);
  expect(besides(held(0, 1, 2), 0)).toEqual([undefined, 0, 100]);
  expect(held(0, 1, 2).beside(250, 1)).toBeNull();
});

test("a frame is asked for within it, however short it is", () => {
  const frames = new HeldFrames();
  for (const at of [0, 1, 2]) frames.add({ ...frameOf(at + 1, at, 0), shownUtcMs: at * 16 });
  expect(frames.beside(16, 0)).toEqual({ shownUtcMs: 16, insideUtcMs: 28 });
  expect(held(0, 1).beside(0, 0)).toEqual({ shownUtcMs: 0, insideUtcMs: 75 });
});

test("what is given up is all that is decoded before a key frame", () => {
  const frames = held(0, 2, 1);
  frames.add(frameOf(4, 3, 5, true));
  frames.add(frameOf(5, 4, 4));
  frames.cutBefore((shownUtcMs) => shownUtcMs >= 500);
  expect([frames.exact().length, frames.keysUtcMs, frames.beside(400, 0)?.shownUtcMs]).toEqual([
    1,
    [500],
    400,
  ]);
});
