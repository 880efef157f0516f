import { expect, it } from "vitest";
import { liveStep } from "./live-edge.ts";

/** Six segments of 4 s; the player has placed the first five, from media time 100 s on. */
const SEGMENTS = Array.from({ length: 6 }, (_, index) =>
  index < 5 ? { start: 100 + index * 4, duration: 4 } : { duration: 4 },
);

it("plays on at its pace within two segments of the end", () => {
  expect(liveStep(SEGMENTS, 118, 1, false)).toEqual({ rate: 1, jumpSeconds: null });
});

it("runs faster when late, until it has caught up", () => {
  expect(liveStep(SEGMENTS, 116.5, 1, false)).toEqual({ rate: 1.1, jumpSeconds: null });
  expect(liveStep(SEGMENTS, 118, 1.1, false)).toEqual({ rate: 1.1, jumpSeconds: null });
  expect(liveStep(SEGMENTS, 119.5, 1.1, false)).toEqual({ rate: 1, jumpSeconds: null });
});

it("jumps to one segment and a half before the end when far behind, and sooner at the start", () => {
  expect(liveStep(SEGMENTS, 102, 1, false)).toEqual({ rate: 1, jumpSeconds: 16 });
  expect(liveStep(SEGMENTS, 112, 1, true)).toEqual({ rate: 1, jumpSeconds: 6 });
});

it("says so when the playlist has gone on without the player", () => {
  expect(liveStep(SEGMENTS, 90, 1, false)).toBeNull();
  expect(liveStep([], 0, 1, true)).toBeNull();
});
