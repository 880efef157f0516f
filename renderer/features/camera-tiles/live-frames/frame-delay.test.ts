import { expect, it } from "vitest";
import { FrameDelay } from "./frame-delay.ts";

/** Frames of ten seconds at ten a second, so late. */
function delayOf(lateMs: (frame: number) => number, frames = 100): number | null {
  const delay = new FrameDelay();
  for (let frame = 0; frame < frames; frame += 1) delay.add(frame * 100, lateMs(frame));
  return delay.delayMs;
}

it("is not known before anything has come", () => {
  expect(new FrameDelay().delayMs).toBeNull();
});

it("is what frames take, and what it takes to draw them", () => {
  expect(delayOf(() => 200)).toBe(350);
});

it("does not grow because of one frame that this page was late for, and does with a line that varies", () => {
  expect(delayOf((frame) => (frame === 50 ? 3_000 : 200))).toBe(350);
  expect(delayOf((frame) => (frame % 2 === 0 ? 200 : 600))).toBe(750);
});

it("forgets what the line was like before", () => {
  expect(delayOf((frame) => (frame < 100 ? 2_000 : 200), 320)).toBe(350);
});

it("is told by the first frame of a slow camera", () => {
  expect(delayOf(() => 2_100, 1)).toBe(2_250);
});
