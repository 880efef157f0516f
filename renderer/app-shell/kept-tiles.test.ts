import { beforeEach, expect, it, vi } from "vitest";
import {
  openCanvas,
  putCamera,
  rememberPlayback,
  swapTiles,
  useCanvasStore,
} from "../features/camera-tiles/canvas-store.ts";
import { tellPlayback } from "../features/camera-tiles/playing-tiles.ts";
import {
  clearAllRanges,
  clearRangesOf,
  exportRangeOf,
  setExportRange,
} from "../features/export-timeline/export-range-store.ts";
import {
  moveTimelinePlaces,
  setTimelinePlace,
  tellTimelinePlace,
  timelinePlaceOf,
} from "../features/export-timeline/timeline-places.ts";
import { forgetKeptTiles, keepTiles, readKeptTiles } from "./kept-tiles.ts";
import { followTiles } from "./ranges-follow-tiles.ts";

const STOOD = { utcMs: 1_000_000.5, isPaused: true, speed: -4 };
const PLAYED = { utcMs: 2_000_000, isPaused: false, speed: 2 };
const MARK = { startUtcMs: 900_000, endUtcMs: 1_000_033 };
const ZOOMED = { startUtcMs: 950_000.25, spanMs: 60_000, presentShare: null };
const FOLLOWED = { startUtcMs: 5_000_000, spanMs: 7_200_000, presentShare: 0.5 };

const page = new EventTarget();
const stored = new Map<string, string>();
vi.stubGlobal("window", page);
vi.stubGlobal("sessionStorage", {
  getItem: (key: string) => stored.get(key) ?? null,
  setItem: (key: string, value: string) => stored.set(key, value),
  removeItem: (key: string) => stored.delete(key),
});

const contentIdIn = (tile: number) => useCanvasStore.getState().tiles[tile]!.contentId;

function startEmpty(tiles: readonly string[]): void {
  clearAllRanges();
  moveTimelinePlaces(() => null);
  openCanvas({ pattern: "2x2", remembered: tiles, firstCameraIds: [] });
}

beforeEach(() => {
  stored.clear();
  startEmpty(["gate", "yard", "lobby"]);
});

function endPage(operator: string): void {
  const end = keepTiles(operator);
  page.dispatchEvent(new Event("pagehide"));
  end();
}

/** Another page opens the canvas. */
function open(operator: string, tiles: readonly string[]) {
  startEmpty(tiles);
  const kept = readKeptTiles(operator);
  openCanvas({ pattern: "2x2", remembered: tiles, firstCameraIds: [], playedIn: kept.playedIn });
  kept.restoreTimelines();
  return tiles.map((cameraId, tile) => ({
    playback: useCanvasStore.getState().tiles[tile]!.playback,
    mark: exportRangeOf(tile, cameraId),
    timeline: timelinePlaceOf(tile, cameraId),
  }));
}

const NOTHING = { playback: null, mark: null, timeline: null };

it("what tiles play, their marks and timelines are there again after a reload, on screen or not", () => {
  rememberPlayback(contentIdIn(0), STOOD);
  setExportRange(0, "gate", MARK);
  setTimelinePlace(0, "gate", ZOOMED);
  const endTelling = tellPlayback(contentIdIn(1), () => PLAYED);
  setTimelinePlace(2, "lobby", FOLLOWED);
  endPage("anna");
  expect(open("anna", ["gate", "yard", "lobby"])).toEqual([
    { playback: STOOD, mark: MARK, timeline: ZOOMED },
    { ...NOTHING, playback: PLAYED },
    { ...NOTHING, timeline: FOLLOWED },
  ]);
  endTelling();
});

it("another camera in the tile is live and has no mark, and so has everything for another operator", () => {
  for (const [tile, cameraId] of ["gate", "yard"].entries()) {
    rememberPlayback(contentIdIn(tile), STOOD);
    setExportRange(tile, cameraId, MARK);
    setTimelinePlace(tile, cameraId, ZOOMED);
  }
  endPage("anna");
  expect(open("berta", ["gate", "lobby"])).toEqual([NOTHING, NOTHING]);
  expect(open("anna", ["gate", "lobby"])).toEqual([
    { playback: STOOD, mark: MARK, timeline: ZOOMED },
    NOTHING,
  ]);
});

it("a tile that is live by now is not what it was before", () => {
  rememberPlayback(contentIdIn(0), STOOD);
  const endTelling = tellPlayback(contentIdIn(0), () => null);
  endPage("anna");
  expect(open("anna", ["gate"])).toEqual([NOTHING]);
  endTelling();
  putCamera(0, "gate");
  endPage("anna");
  expect(open("anna", ["gate"])).toEqual([NOTHING]);
});

it("a mark that was sent is not there again, also where the page crashes right after", () => {
  setExportRange(0, "gate", MARK);
  setExportRange(1, "yard", MARK);
  const end = keepTiles("anna");
  page.dispatchEvent(new Event("pagehide"));
  clearRangesOf(["gate"]);
  end();
  expect(open("anna", ["gate", "yard"])).toEqual([NOTHING, { ...NOTHING, mark: MARK }]);
});

it("a timeline goes with its content to another tile and stays as it was last, and is new for a camera put in anew", () => {
  const endFollowing = followTiles();
  let place = ZOOMED;
  const endTelling = tellTimelinePlace(0, "gate", () => place);
  place = { ...ZOOMED, spanMs: 30_000 };
  swapTiles(0, 1);
  endTelling();
  place = ZOOMED;
  expect([timelinePlaceOf(0, "yard"), timelinePlaceOf(1, "gate")]).toEqual([
    null,
    { ...ZOOMED, spanMs: 30_000 },
  ]);
  putCamera(1, "gate");
  expect(timelinePlaceOf(1, "gate")).toBeNull();
  endFollowing();
});

it("what is damaged, of another version, or no place in time is not shown; and who leaves takes it along", () => {
  rememberPlayback(contentIdIn(0), STOOD);
  setExportRange(0, "gate", MARK);
  setTimelinePlace(0, "gate", ZOOMED);
  endPage("anna");
  const [[key, text]] = [...stored] as [[string, string]];
  const opened = (damaged: string) => {
    stored.set(key, damaged);
    return open("anna", ["gate"])[0];
  };
  for (const damaged of [
    text.slice(1),
    "null",
    text.replace('"utcMs":', '"at":'),
    text.replace("1000000.5", "1e300"),
    text.replace("-4", "0"),
  ])
    expect(opened(damaged)).toEqual(NOTHING);
  for (const mark of [
    { startUtcMs: 5, endUtcMs: 5 },
    { startUtcMs: -1, endUtcMs: 5 },
    { startUtcMs: 0, endUtcMs: 1e300 },
    "x",
  ])
    expect(opened(text.replace(JSON.stringify(MARK), JSON.stringify(mark)))).toEqual({
      playback: STOOD,
      mark: null,
      timeline: ZOOMED,
    });
  for (const [from, to] of [
    ["60000", "1"],
    ["60000", "1e12"],
    ["950000.25", "1e300"],
    ['"presentShare":null', '"presentShare":7'],
  ] as const)
    expect(opened(text.replace(from, to))).toEqual({ playback: STOOD, mark: MARK, timeline: null });
  expect(opened(text)).toEqual({ playback: STOOD, mark: MARK, timeline: ZOOMED });
  forgetKeptTiles();
  expect(open("anna", ["gate"])).toEqual([NOTHING]);
});
