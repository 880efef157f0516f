import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { FootageLoadListener } from "./footage-load.ts";

const NOW_UTC_MS = Date.UTC(2026, 10, 29, 13);
const FIRST_UTC_MS = NOW_UTC_MS - 3_600_000;

/** Of the newest player. */
let fails: (() => void)[] = [];
let ends: (() => void)[] = [];
const asked: number[] = [];
const sentTo: number[] = [];
/** What is opened shows its first picture at once. */
let shows = false;
/** Of the newest player, which has begun with what it was given. */
let element: (EventTarget & { paused: boolean; ended: boolean; mediaSeconds: number }) | null = null;

/** Unlike `Object.assign`, which reads them once. */
const withAccessors = vi.hoisted(
  () =>
    <Target extends object, Members extends object>(target: Target, members: Members): Target & Members =>
      Object.defineProperties(target, Object.getOwnPropertyDescriptors(members)) as Target & Members,
);

vi.mock("../../main-process-client/holdings.ts", () => ({ archiveNow: () => NOW_UTC_MS }));
/** Frames of a camera that sends them unevenly, from the first instant on. */
const UNEVEN_MS = [0, 20, 40, 900, 1_000];
vi.mock("./archive-video/archive-source.ts", () => ({
  liveAddress: () => "",
  readFrameInstants: () => Promise.resolve(UNEVEN_MS.map((ms) => FIRST_UTC_MS + 60_000 + ms)),
}));
vi.mock("./live-frames/live-picture.ts", () => ({ liveConnection: {}, LivePicture: class {} }));
vi.mock("./frame-length.ts", () => ({ measureFrameLength: () => undefined }));
/** A player that only says, when it is told to, that it failed. */
vi.mock("./archive-video/video-element.ts", () => {
  const video = withAccessors(new EventTarget(), {
    paused: true,
    ended: false,
    seeking: false,
    mediaSeconds: 0,
    get currentTime() {
      return this.mediaSeconds;
    },
    set currentTime(seconds: number) {
      sentTo.push(seconds);
      this.mediaSeconds = seconds;
    },
    pause: () => undefined,
    requestVideoFrameCallback: () => 1,
    cancelVideoFrameCallback: () => undefined,
  });
  const player = {
    on: (name: string, listener: () => void) => {
      if (name === "error") fails = [listener];
      if (name === "ended") ends = [listener];
    },
    pause: () => undefined,
    playbackRate: () => undefined,
    dispose: () => undefined,
  };
  return {
    createBarePlayer: () => {
      element = video;
      return { player, video };
    },
    openSource: () => {
      if (!shows) return;
      video.dispatchEvent(new Event("loadstart"));
      video.dispatchEvent(new Event("playing"));
    },
    startPlaying: () => undefined,
  };
});
/** Ten minutes of footage, wherever it is asked for, but a gap a day before. */
const GAP_UTC_MS = FIRST_UTC_MS - 86_400_000;
let isPlayingOn: (() => boolean) | null = null;
vi.mock("./footage-load.ts", () => ({
  loadFootage: ({ utcMs }: { utcMs: number }, _signal: AbortSignal, listener: FootageLoadListener) => {
    asked.push(utcMs);
    ({ isPlayingOn } = listener);
    const mediaSegments = [{ mediaSeconds: 0, seconds: 600, startUtcMs: FIRST_UTC_MS }];
    if (utcMs === GAP_UTC_MS) listener.onGap(utcMs);
    else if (utcMs < GAP_UTC_MS) listener.onUnplayable("hvc1.1.6.L93.B0", GAP_UTC_MS + 1);
    else listener.onFootage({ mediaSegments, source: "", startUtcMs: utcMs, isCodecKnown: true });
    return Promise.resolve();
  },
}));
const { TilePlayer } = await import("./tile-player.ts");

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("HTMLMediaElement", { HAVE_CURRENT_DATA: 2 });
  asked.length = 0;
  sentTo.length = 0;
  shows = false;
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it("a time that is asked for while pictures are waited for again is not lost when they are", () => {
  const tile = new TilePlayer({} as HTMLElement, "gate");
  tile.resume({ utcMs: FIRST_UTC_MS + 60_000, isPaused: true, speed: 1 });
  fails.forEach((fail) => fail());
  tile.showAt(FIRST_UTC_MS + 120_000);
  vi.advanceTimersByTime(30_000);
  expect(asked.at(-1)).toBe(FIRST_UTC_MS + 120_000);
  expect(tile.place.playback()).toEqual({ utcMs: FIRST_UTC_MS + 120_000, isPaused: true, speed: 1 });
  tile.dispose();
});

it("what is played on while pictures are waited for again does not stand still when they are there", () => {
  const tile = new TilePlayer({} as HTMLElement, "gate");
  tile.resume({ utcMs: FIRST_UTC_MS + 60_000, isPaused: true, speed: 1 });
  fails.forEach((fail) => fail());
  tile.play();
  vi.advanceTimersByTime(30_000);
  expect(tile.place.playback()).toEqual({ utcMs: FIRST_UTC_MS + 60_000, isPaused: false, speed: 1 });
  tile.dispose();
});

it.each([
  ["a gap", GAP_UTC_MS, "gap"],
  ["pictures that cannot be shown", GAP_UTC_MS - 5_000, "unplayable"],
] as const)(
  "%s: what is still open behind it is neither shown nor sent anywhere, and its time stays",
  (_words, utcMs, status) => {
    shows = true;
    const tile = new TilePlayer({} as HTMLElement, "gate");
    tile.resume({ utcMs: FIRST_UTC_MS + 60_000, isPaused: false, speed: 1 });
    tile.showAt(utcMs);
    // Of the source before: a jump in it that ended late.
    element?.dispatchEvent(new Event("seeked"));
    expect(tile.state.getState().status).toBe(status);
    expect(tile.place.instant()).toBe(utcMs);
    tile.showAt(FIRST_UTC_MS + 120_000);
    expect([asked.at(-1), sentTo]).toEqual([FIRST_UTC_MS + 120_000, []]);
    expect(tile.state.getState().status).toBe("ready");
    tile.dispose();
  },
);

it("play that reaches the end of what is loaded goes on by itself; what stands, or was sent elsewhere, does not", () => {
  shows = true;
  const tile = new TilePlayer({} as HTMLElement, "gate");
  tile.resume({ utcMs: FIRST_UTC_MS + 60_000, isPaused: false, speed: 1 });
  expect(isPlayingOn?.()).toBe(false);
  // That it ended is told of after a jump back.
  ends.forEach((end) => end());
  expect(asked).toEqual([FIRST_UTC_MS + 60_000]);
  element!.ended = true;
  ends.forEach((end) => end());
  expect([asked.at(-1), isPlayingOn?.()]).toEqual([FIRST_UTC_MS + 600_001, true]);
  tile.pause();
  expect(isPlayingOn?.()).toBe(false);
  const before = asked.length;
  ends.forEach((end) => end());
  expect(asked).toHaveLength(before);
  tile.dispose();
});

it("a step of recorded footage is the next frame, however long this one lasts, and steps in quick succession count", async () => {
  shows = true;
  const tile = new TilePlayer({} as HTMLElement, "gate");
  tile.resume({ utcMs: FIRST_UTC_MS + 60_050, isPaused: true, speed: 1 });
  tile.showAt(FIRST_UTC_MS + 60_050, true);
  tile.stepFrame(1);
  await vi.advanceTimersByTimeAsync(0);
  const frameOf = (utcMs: number): number => UNEVEN_MS.findLast((ms) => FIRST_UTC_MS + 60_000 + ms <= utcMs)!;
  expect(frameOf(tile.place.instant()!)).toBe(900);
  tile.stepFrame(-1);
  tile.stepFrame(-1);
  await vi.advanceTimersByTimeAsync(0);
  expect(frameOf(tile.place.instant()!)).toBe(20);
  expect(asked).toHaveLength(1);
  tile.dispose();
});

it("a picture that stands is sent again where its stream's reader moved the video; one that plays is not", () => {
  shows = true;
  const tile = new TilePlayer({} as HTMLElement, "gate");
  tile.resume({ utcMs: FIRST_UTC_MS + 60_000, isPaused: true, speed: 1 });
  tile.showAt(FIRST_UTC_MS + 120_000);
  element!.mediaSeconds = 120.4;
  element?.dispatchEvent(new Event("seeked"));
  expect([sentTo, tile.place.instant()]).toEqual([[120, 120], FIRST_UTC_MS + 120_000]);
  element?.dispatchEvent(new Event("seeked"));
  expect(sentTo).toHaveLength(2);
  tile.play();
  element!.mediaSeconds = 130;
  element!.paused = false;
  element?.dispatchEvent(new Event("seeked"));
  expect(sentTo).toHaveLength(2);
  element!.paused = true;
  tile.dispose();
});
