import { beforeEach, expect, it, vi } from "vitest";
import { openCanvas, putCamera, rememberPlayback, useCanvasStore } from "./canvas-store.ts";
import { forgetKeptPlayback, keepPlayback, readKeptPlayback } from "./kept-playback.ts";
import { tellPlayback } from "./playing-tiles.ts";

const STOOD = { utcMs: 1_000_000.5, isPaused: true, speed: -4 };
const PLAYED = { utcMs: 2_000_000, isPaused: false, speed: 2 };

const page = new EventTarget();
const stored = new Map<string, string>();
vi.stubGlobal("window", page);
vi.stubGlobal("sessionStorage", {
  getItem: (key: string) => stored.get(key) ?? null,
  setItem: (key: string, value: string) => stored.set(key, value),
  removeItem: (key: string) => stored.delete(key),
});

const contentIdIn = (tile: number) => useCanvasStore.getState().tiles[tile]!.contentId;

beforeEach(() => {
  stored.clear();
  openCanvas("2x2", ["gate", "yard", "lobby"], []);
});

/** The page ends, and another one opens the canvas. */
function reload(operator: string, tiles: readonly string[]) {
  const end = keepPlayback(operator);
  page.dispatchEvent(new Event("pagehide"));
  end();
  return (by: string) => {
    openCanvas("2x2", tiles, [], readKeptPlayback(by));
    return tiles.map((_, tile) => useCanvasStore.getState().tiles[tile]!.playback);
  };
}

it("what tiles play is there again after a reload, on screen or not", () => {
  rememberPlayback(contentIdIn(0), STOOD);
  const endTelling = tellPlayback(contentIdIn(1), () => PLAYED);
  expect(reload("anna", ["gate", "yard", "lobby"])("anna")).toEqual([STOOD, PLAYED, null]);
  endTelling();
});

it("another camera in the tile is live, and so is everything for another operator", () => {
  rememberPlayback(contentIdIn(0), STOOD);
  rememberPlayback(contentIdIn(1), STOOD);
  const open = reload("anna", ["gate", "lobby"]);
  expect(open("berta")).toEqual([null, null]);
  expect(open("anna")).toEqual([STOOD, null]);
});

it("a tile that is live by now is not what it was before", () => {
  rememberPlayback(contentIdIn(0), STOOD);
  const endTelling = tellPlayback(contentIdIn(0), () => null);
  expect(reload("anna", ["gate"])("anna")).toEqual([null]);
  endTelling();
  putCamera(0, "gate");
  expect(reload("anna", ["gate"])("anna")).toEqual([null]);
});

it("what is damaged, or of another version, is live; and who leaves takes it along", () => {
  rememberPlayback(contentIdIn(0), STOOD);
  const open = reload("anna", ["gate"]);
  expect(open("anna")).toEqual([STOOD]);
  for (const [key, text] of stored) {
    for (const damaged of [text.slice(1), "null", text.replace("utcMs", "at")]) {
      stored.set(key, damaged);
      expect(open("anna")).toEqual([null]);
    }
    stored.set(key, text);
  }
  forgetKeptPlayback();
  expect(open("anna")).toEqual([null]);
});
