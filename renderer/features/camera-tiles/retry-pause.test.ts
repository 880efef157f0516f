import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RetryPause } from "./retry-pause.ts";

describe("the pause before pictures are asked for again", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is no trouble the first time, one from the second on, and none again after a success", () => {
    const pause = new RetryPause();
    const seen = () => {
      const { isRepeated } = pause;
      pause.start(() => undefined);
      return isRepeated;
    };
    expect([seen(), seen(), seen()]).toEqual([false, true, true]);
    pause.reset();
    expect(seen()).toBe(false);
  });

  it("doubles up to ten seconds", () => {
    const pause = new RetryPause();
    const attempts: number[] = [];
    const startMs = Date.now();
    const fail = () => {
      pause.start(() => {
        attempts.push(Date.now() - startMs);
        fail();
      });
    };
    fail();
    vi.advanceTimersByTime(36_000);
    expect(attempts).toEqual([1_000, 3_000, 7_000, 15_000, 25_000, 35_000]);
  });
});
