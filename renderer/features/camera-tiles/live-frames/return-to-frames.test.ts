import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { LiveFrame, LiveStart } from "#shared/archive-api/live-stream.ts";
import type { LiveListener } from "./live-connection.ts";
import { ReturnToFrames } from "./return-to-frames.ts";

const TIMING = { firstMs: 1_000, longestMs: 4_000, comeMs: 500, wellMs: 10_000 };
const START: LiveStart = { generation: "g", codec: "avc1.42c00b", zeroUtcMs: 0, head: "AAAA" };
const KEY: LiveFrame = { sequence: 1, isKey: true, isKept: true, shownUtcMs: 5, fragment: new Uint8Array(1) };

let followers: Set<LiveListener>;
let connection: { isRefused: boolean; follow: (cameraId: string, listener: LiveListener) => () => void };
let wayBack: ReturnToFrames;
const onFrames = vi.fn<() => void>();

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("document", { hidden: false });
  vi.stubGlobal("MediaSource", { isTypeSupported: (mime: string) => mime.includes("avc1") });
  followers = new Set();
  connection = {
    isRefused: false,
    follow: (_cameraId, listener) => {
      followers.add(listener);
      return () => void followers.delete(listener);
    },
  };
  wayBack = new ReturnToFrames("door", connection, TIMING);
  onFrames.mockReset();
});

afterEach(() => {
  wayBack.stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function give(start: LiveStart = START): void {
  for (const { start: begin } of followers) begin(start);
  for (const { frame } of followers) frame(KEY);
}

/** Falls back and looks: in how many milliseconds frames are asked for. */
function askedAfterMs(): number {
  for (let ms = 0; ms <= 20_000; ms += 100) {
    if (followers.size > 0) return ms;
    vi.advanceTimersByTime(100);
  }
  return Infinity;
}

it("goes back to frames when they come, and leaves the line to who plays them", () => {
  wayBack.leave();
  wayBack.look(onFrames);
  expect([wayBack.isPausing, askedAfterMs()]).toEqual([true, 1_000]);
  give();
  expect([onFrames.mock.calls.length, followers.size]).toEqual([1, 0]);
});

it("waits longer with each time in vain, and after it was well begins anew", () => {
  wayBack.leave();
  wayBack.look(onFrames);
  const pauses = [askedAfterMs()];
  for (let time = 0; time < 3; time += 1) {
    // Nothing comes.
    vi.advanceTimersByTime(TIMING.comeMs);
    pauses.push(askedAfterMs());
  }
  expect(pauses).toEqual([1_000, 2_000, 4_000, 4_000]);
  give();
  vi.advanceTimersByTime(20_000);
  wayBack.leave();
  wayBack.look(onFrames);
  expect(askedAfterMs()).toBe(1_000);
});

it("stays where frames cannot be played here, are refused, or nobody looks", () => {
  wayBack.leave();
  wayBack.look(onFrames);
  askedAfterMs();
  give({ ...START, codec: "hvc1.1.6.L93.B0" });
  expect([onFrames.mock.calls.length, followers.size, askedAfterMs()]).toEqual([0, 0, 2_000]);
  for (const { refused } of followers) refused();
  connection.isRefused = true;
  expect([followers.size, wayBack.isPausing, askedAfterMs()]).toEqual([0, true, Infinity]);
  connection.isRefused = false;
  expect(askedAfterMs()).toBeLessThanOrEqual(4_000);
});

it("takes a tile over only when it can be, and does not wait for another key frame then", () => {
  let mayGo = false;
  wayBack.leave();
  wayBack.look(onFrames, () => mayGo);
  askedAfterMs();
  give();
  expect([onFrames.mock.calls.length, followers.size]).toEqual([0, 1]);
  mayGo = true;
  for (const { frame } of followers) frame({ ...KEY, sequence: 2, isKey: false });
  expect([onFrames.mock.calls.length, followers.size]).toEqual([1, 0]);
});

it("looks again later where the tile could not be taken over all the time", () => {
  wayBack.leave();
  wayBack.look(onFrames, () => false);
  askedAfterMs();
  give();
  vi.advanceTimersByTime(TIMING.comeMs);
  expect([onFrames.mock.calls.length, followers.size, askedAfterMs()]).toEqual([0, 0, 2_000]);
});
