import { describe, expect, test } from "vitest";
import { TransferProgress } from "./transfer-progress.ts";

const FAILURE = { code: "SERVICE_UNREACHABLE", message: "It cannot be reached." };
const SIGNAL = new AbortController().signal;

function measured() {
  const clock = { nowMs: 0, changes: 0 };
  const progress = new TransferProgress(
    () => (clock.changes += 1),
    () => clock.nowMs,
  );
  return { clock, progress };
}

describe("bytes on their way", () => {
  test("are kept for each segment, read and sent apart", () => {
    const { clock, progress } = measured();
    progress.report("export", "one", { readBytes: 10 });
    progress.report("export", "one", { sentBytes: 4 });
    expect(progress.of("one")).toEqual({ readBytes: 10, sentBytes: 4 });
    expect(progress.of("two")).toEqual({ readBytes: 0, sentBytes: 0 });
    expect(clock.changes).toBe(2);
  });

  test("begin again where a segment is read anew", () => {
    const { progress } = measured();
    progress.report("export", "one", { readBytes: 10 });
    progress.forget("one");
    expect(progress.of("one")).toEqual({ readBytes: 0, sentBytes: 0 });
  });

  test("give a rate over the last ten seconds, and none once nothing moves", () => {
    const { clock, progress } = measured();
    expect(progress.rateOf("export")).toBeNull();
    for (let second = 1; second <= 20; second += 1) {
      clock.nowMs = second * 1_000;
      progress.report("export", "one", { readBytes: second * 500, sentBytes: second * 500 });
    }
    clock.nowMs = 20_500;
    const rate = progress.rateOf("export");
    expect(rate).toBeGreaterThan(450);
    expect(rate).toBeLessThan(600);
    clock.nowMs = 31_000;
    expect(progress.rateOf("export")).toBeNull();
  });

  test("that are fewer than before, because a read began anew, do not count against the rate", () => {
    const { progress } = measured();
    progress.report("export", "one", { readBytes: 1_000, sentBytes: 1_000 });
    progress.report("export", "one", { readBytes: 10 });
    expect(progress.rateOf("export")).toBe(1_000);
  });
});

describe("what is waited for", () => {
  test("is, of several things, the one that is tried last", () => {
    const { progress } = measured();
    const wait = (work: string, nextRetryUtcMs: number) =>
      progress.callFor("camera", work, SIGNAL).reportWaiting({ failure: FAILURE, nextRetryUtcMs });
    wait("one", 5);
    wait("two", 9);
    wait("three", 7);
    expect(progress.waitingOf("camera")).toEqual({ failure: FAILURE, nextRetryUtcMs: 9 });
    expect(progress.waitingOf("other")).toBeNull();
  });

  test("is over when the call says so, and when its bytes move again", () => {
    const { progress } = measured();
    const call = progress.callFor("camera", "one", SIGNAL);
    const waiting = { failure: FAILURE, nextRetryUtcMs: 5 };
    call.reportWaiting(waiting);
    call.reportWaiting(null);
    expect(progress.waitingOf("camera")).toBeNull();
    call.reportWaiting(waiting);
    progress.report("export", "two", { sentBytes: 1 });
    expect(progress.waitingOf("camera")).toEqual(waiting);
    progress.report("export", "one", { sentBytes: 1 });
    expect(progress.waitingOf("camera")).toBeNull();
  });
});
