import { expect, test } from "vitest";
import { pacedProgress } from "./paced-progress.ts";

test("the first byte is told at once, and then the sum ten times a second", () => {
  const told: number[] = [];
  let nowMs = 5_000;
  const count = pacedProgress(
    (bytes) => told.push(bytes),
    () => nowMs,
  );
  count(1);
  for (let piece = 0; piece < 100; piece += 1) {
    nowMs += 10;
    count(1_000);
  }
  expect(told[0]).toBe(1);
  expect(told).toHaveLength(11);
  expect(told.at(-1)).toBe(100_001);
});

test("on a slow line each piece is told", () => {
  const told: number[] = [];
  let nowMs = 0;
  const count = pacedProgress(
    (bytes) => told.push(bytes),
    () => (nowMs += 400),
  );
  for (let piece = 0; piece < 3; piece += 1) count(50);
  expect(told).toEqual([50, 100, 150]);
});
