import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { FootageLoadListener } from "./footage-load.ts";

const NOW_UTC_MS = Date.UTC(2026, 10, 29, 13);
const FIRST_UTC_MS = NOW_UTC_MS - 3_600_000;

/** Of the newest player. */
let fails: (() => void)[] = [];
const asked: number[] = [];

vi.mock("../../main-process-client/holdings.ts", () => ({ archiveNow: () => NOW_UTC_MS }));
vi.mock("./archive-source.ts", () => ({ liveAddress: () => "" }));
vi.mock("./live-frames/live-picture.ts", () => ({ liveConnection: {}, LivePicture: class {} }));
vi.mock("./frame-length.ts", () => ({ measureFrameLength: () => undefined }));
/** A player that only says, when it is told to, that it failed. */
vi.mock("./video-element.ts", () => {
  const video = Object.assign(new EventTarget(), {
    paused: true,
    currentTime: 0,
    pause: () => undefined,
    requestVideoFrameCallback: () => 1,
    cancelVideoFrameCallback: () => undefined,
  });
  const player = {
    on: (name: string, listener: () => void) => {
      if (name === "error") fails = [listener];
    },
    pause: () => undefined,
    currentTime: () => undefined,
    playbackRate: () => undefined,
    dispose: () => undefined,
  };
  return {
    createBarePlayer: () => ({ player, video }),
    openSource: () => undefined,
    startPlaying: () => undefined,
  };
});
/** Ten minutes of footage, wherever it is asked for. */
vi.mock("./footage-load.ts", () => ({
  loadFootage: (_cameraId: string, utcMs: number, _signal: AbortSignal, listener: FootageLoadListener) => {
    asked.push(utcMs);
    const segments = [{ mediaSeconds: 0, seconds: 600, startUtcMs: FIRST_UTC_MS }];
    listener.onFootage({ segments, source: "", startUtcMs: utcMs });
    return Promise.resolve();
  },
}));
const { TilePlayer } = await import("./tile-player.ts");

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("a time that is asked for while pictures are waited for again is not lost when they are", () => {
  const tile = new TilePlayer({} as HTMLElement, "gate");
  tile.resume({ utcMs: FIRST_UTC_MS + 60_000, isPaused: true, speed: 1 });
  fails.forEach((fail) => fail());
  tile.showAt(FIRST_UTC_MS + 120_000);
  vi.advanceTimersByTime(30_000);
  expect(asked.at(-1)).toBe(FIRST_UTC_MS + 120_000);
  expect(tile.playback()).toEqual({ utcMs: FIRST_UTC_MS + 120_000, isPaused: true, speed: 1 });
  tile.dispose();
});

it("what is played on while pictures are waited for again does not stand still when they are there", () => {
  const tile = new TilePlayer({} as HTMLElement, "gate");
  tile.resume({ utcMs: FIRST_UTC_MS + 60_000, isPaused: true, speed: 1 });
  fails.forEach((fail) => fail());
  tile.play();
  vi.advanceTimersByTime(30_000);
  expect(tile.playback()).toEqual({ utcMs: FIRST_UTC_MS + 60_000, isPaused: false, speed: 1 });
  tile.dispose();
});
