import { beforeEach, expect, it } from "vitest";
import {
  contentOf,
  openCanvas,
  putCamera,
  rememberPlayback,
  setPattern,
  swapTiles,
  useCanvasStore,
} from "./canvas-store.ts";

const PLAYED = { utcMs: 1_000_000, isPaused: true, speed: -4 };

const contentIn = (tile: number) => useCanvasStore.getState().tiles[tile] ?? null;
const playbackIn = (tile: number) => contentIn(tile)?.playback ?? null;

beforeEach(() => openCanvas({ pattern: "2x2", remembered: ["gate", "gate", "yard"], firstCameraIds: [] }));

it("what was played goes to another tile with its camera, also past a tile of the same camera", () => {
  const { contentId } = contentIn(0)!;
  swapTiles(0, 1);
  // A player is released once its content is elsewhere already.
  rememberPlayback(contentId, PLAYED);
  expect([playbackIn(0), playbackIn(1)]).toEqual([null, PLAYED]);
  swapTiles(1, 3);
  expect([playbackIn(1), playbackIn(3)]).toEqual([null, PLAYED]);
  setPattern("1");
  expect(playbackIn(3)).toEqual(PLAYED);
});

it("a camera that is put in anew is live, also where the same one was played", () => {
  const { contentId } = contentIn(2)!;
  putCamera(2, "yard");
  rememberPlayback(contentId, PLAYED);
  expect(playbackIn(2)).toBeNull();
  expect(contentOf(contentId)).toBeNull();
});
