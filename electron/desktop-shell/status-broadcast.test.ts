import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { coalesced } from "./status-broadcast.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("a thousand changes in a second are at most ten announcements, and the last change is among them", () => {
  let value = 0;
  const announced: number[] = [];
  const changed = coalesced(() => announced.push(value));
  for (value = 1; value <= 1_000; value += 1) {
    changed();
    vi.advanceTimersByTime(1);
  }
  value = 1_000;
  vi.advanceTimersByTime(200);
  expect(announced.length).toBeLessThanOrEqual(12);
  expect(announced.at(-1)).toBe(1_000);
});

test("a change after a quiet time is announced at once, and quiet announces nothing", () => {
  const announce = vi.fn();
  const changed = coalesced(announce);
  changed();
  vi.advanceTimersByTime(0);
  expect(announce).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(60_000);
  expect(announce).toHaveBeenCalledTimes(1);
  changed();
  vi.advanceTimersByTime(0);
  expect(announce).toHaveBeenCalledTimes(2);
});
