import { failureOfExport } from "#shared/domain/failure.ts";
import { describe, expect, test } from "vitest";
import { TransferProgress } from "./transfer-progress.ts";

const FAILURE = failureOfExport({ code: "SERVICE_UNREACHABLE", message: "It cannot be reached." });
const SIGNAL = new AbortController().signal;

function measured() {
  const clock: { nowMs: number; changes: number; cap: number | null } = { nowMs: 0, changes: 0, cap: null };
  const progress = new TransferProgress(() => (clock.changes += 1), {
    now: () => clock.nowMs,
    sendingCap: () => clock.cap,
  });
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

  test("have the speed of another export until they move, no more than the cap of now, and none once they stand still", async () => {
    const { clock, progress } = measured();
    const moving = async (exportId: string, seconds: number, bytesPerSecond: number) => {
      for (let second = 0; second <= seconds; second += 1) {
        progress.report(exportId, exportId, { sentBytes: second * bytesPerSecond });
        clock.nowMs += 1_000;
      }
    };
    await progress.during("before", "send", () => moving("before", 5, 5_000_000));
    expect(progress.speedOf("export", "send")).toBeCloseTo(5_000_000);
    clock.cap = 1;
    expect(progress.speedOf("export", "send")).toBe(1);
    await progress.during("export", "send", async () => {
      clock.nowMs += 9_000;
      expect(progress.speedOf("export", "send")).toBe(1);
      clock.nowMs += 2_000;
      expect(progress.speedOf("export", "send")).toBeNull();
      clock.cap = null;
      await moving("export", 5, 700);
      expect(progress.speedOf("export", "send")).toBeLessThan(5_000);
    });
  });

  test("give the rate of the line: what is read does not count, nor is there one while nothing is sent", async () => {
    const { clock, progress } = measured();
    expect(progress.sendingRateOf("export")).toBeNull();
    await progress.during("export", "send", async () => {
      for (let tenth = 0; tenth <= 200; tenth += 1) {
        clock.nowMs = tenth * 100;
        progress.report("export", "one", { readBytes: tenth * 5_000, sentBytes: tenth * 50 });
      }
      expect(progress.sendingRateOf("export")).toBeCloseTo(500);
      clock.nowMs += 5_000;
      expect(progress.sendingRateOf("export")).toBeLessThan(350);
      clock.nowMs += 5_000;
      expect(progress.sendingRateOf("export")).toBeNull();
    });
    expect(progress.sendingRateOf("export")).toBeNull();
  });

  test("that the service had from an earlier try did not go over the line, and the pause before was no transfer", async () => {
    const { clock, progress } = measured();
    await progress.during("export", "send", async () => {
      for (let tenth = 0; tenth <= 20; tenth += 1) {
        clock.nowMs = tenth * 100;
        progress.report("export", "one", { sentBytes: tenth * 50 });
      }
      clock.nowMs += 600_000;
      progress.foundSent("export", "one", 1_000_000);
      for (let tenth = 1; tenth <= 20; tenth += 1) {
        clock.nowMs += 100;
        progress.report("export", "one", { sentBytes: 1_000_000 + tenth * 50 });
      }
      expect(progress.sendingRateOf("export")).toBeCloseTo(500);
      expect(progress.speedOf("export", "send")).toBeCloseTo(500);
    });
  });

  test("are never shown as fewer than before", () => {
    const { progress } = measured();
    const one = { segmentId: "one", cameraExportId: "camera" };
    expect([10, 4, 12, 0].map((bytes) => progress.neverLess(one, bytes, 0))).toEqual([10, 10, 12, 12]);
    expect(progress.neverLess({ ...one, segmentId: "two" }, 3, 0)).toBe(3);
  });

  test("are shown once they are kept, so that a program that is killed shows no fewer", () => {
    const kept = new Map([["one", 5]]);
    const wanted: unknown[] = [];
    const want = (...mark: unknown[]) => void wanted.push(mark);
    const forget = (segmentId: string) => void kept.delete(segmentId);
    const marks = { of: (segmentId: string) => kept.get(segmentId) ?? 0, want, forget };
    const progress = new TransferProgress(() => undefined, { now: () => 0, sendingCap: () => null, marks });
    const one = { segmentId: "one", cameraExportId: "camera" };
    expect([2, 8].map((bytes) => progress.neverLess(one, bytes, 0))).toEqual([5, 5]);
    expect(wanted).toEqual([["camera", "one", 8]]);
    kept.set("one", 8);
    expect([progress.neverLess(one, 8, 0), progress.neverLess(one, 9, 12)]).toEqual([8, 12]);
    expect(wanted).toHaveLength(1);
  });
});

describe("what is waited for", () => {
  test("is, of several things, the one that is tried last", () => {
    const { progress } = measured();
    const wait = (work: string, nextRetryAtMs: number) =>
      progress.callFor("camera", work, SIGNAL).reportWaiting({ failure: FAILURE, nextRetryAtMs });
    wait("one", 5);
    wait("two", 9);
    wait("three", 7);
    expect(progress.waitingOf("camera")).toEqual({ failure: FAILURE, nextRetryAtMs: 9 });
    expect(progress.waitingOf("other")).toBeNull();
  });

  test("is over when the call says so, and when its bytes move again", () => {
    const { progress } = measured();
    const call = progress.callFor("camera", "one", SIGNAL);
    const waiting = { failure: FAILURE, nextRetryAtMs: 5 };
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
