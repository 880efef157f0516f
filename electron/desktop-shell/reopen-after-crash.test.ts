import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { reopenAfterCrash } from "./reopen-after-crash.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function crashing() {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const contents = new EventEmitter();
  const load = vi.fn();
  reopenAfterCrash(contents, load, () => Date.now());
  return { load, gone: (reason: string) => contents.emit("render-process-gone", {}, { reason }) };
}

it("opens a page again whose process is gone, however it went", () => {
  const { load, gone } = crashing();
  gone("crashed");
  expect(load).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(60_000);
  gone("oom");
  expect(load).toHaveBeenCalledTimes(2);
});

it("gives a page that fails at once a rest, and never gives it up", () => {
  const { load, gone } = crashing();
  for (let times = 1; times <= 5; times += 1) {
    gone("crashed");
    vi.advanceTimersByTime(10_000);
    expect(load.mock.calls.length).toBeGreaterThanOrEqual(times - 1);
    vi.advanceTimersByTime(1);
  }
  gone("crashed");
  vi.advanceTimersByTime(20_000);
  expect(load.mock.calls.length).toBeGreaterThanOrEqual(5);
});

it("leaves a page alone that ended because it was told to", () => {
  const { load, gone } = crashing();
  gone("clean-exit");
  vi.advanceTimersByTime(60_000);
  expect(load).not.toHaveBeenCalled();
});
