import { expect, test } from "vitest";
import { cameraClockProblem } from "./camera-clock.ts";

const NOW_US = 1e12;
const told = (clock: Parameters<typeof cameraClockProblem>[0]): string | null =>
  cameraClockProblem(clock, NOW_US)?.message ?? null;

test("a camera's clock that is well is not spoken of", () => {
  expect(told({ pace: 1, jumps: 0, lastJump: null })).toBeNull();
  expect(told({ pace: 1.001, jumps: 0, lastJump: null })).toBeNull();
  expect(told({ pace: 1, jumps: 1, lastJump: { byUs: -3e6, atUs: NOW_US - 11 * 60e6 } })).toBeNull();
});

test.each([
  [{ pace: 2, jumps: 0, lastJump: null }, "runs 50 % slow"],
  [{ pace: 1 / 1.012, jumps: 0, lastJump: null }, "runs 1.2 % fast"],
  [{ pace: 1, jumps: 1, lastJump: { byUs: 3_600e6, atUs: NOW_US - 5e6 } }, "jumped ahead by 1 h"],
  [
    { pace: 1.25, jumps: 3, lastJump: { byUs: -3e6, atUs: NOW_US } },
    "runs 20 % slow and jumped back by 3 s, the last of 3 jumps",
  ],
])("%j is said to be one that %s", (clock, words) => {
  expect(told(clock)).toBe(`The camera's clock ${words}; footage is dated by when it arrives.`);
});
