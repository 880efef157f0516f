import { beforeEach, expect, it } from "vitest";
import {
  openCanvas,
  putCamera,
  removeCamera,
  swapTiles,
  useCanvasStore,
} from "../features/camera-tiles/canvas-store.ts";
import {
  clearAllRanges,
  clearRangesOf,
  exportRangeOf,
  moveExportRanges,
  setExportRange,
} from "../features/export-timeline/export-range-store.ts";
import { placesAfter } from "./ranges-follow-tiles.ts";

const RANGE = { startUtcMs: 1_000, endUtcMs: 2_000 };

function change(what: () => void): void {
  const before = useCanvasStore.getState().tiles;
  what();
  moveExportRanges(placesAfter(before, useCanvasStore.getState().tiles));
}

beforeEach(() => {
  clearAllRanges();
  openCanvas({ pattern: "2x2", remembered: ["gate", "yard", "gate"], firstCameraIds: [] });
  setExportRange(0, "gate", RANGE);
});

it("a range is gone once another camera was dragged into the tile, also when its own comes back", () => {
  change(() => putCamera(0, "yard"));
  expect(exportRangeOf(0, "yard")).toBeNull();
  change(() => putCamera(0, "gate"));
  expect(exportRangeOf(0, "gate")).toBeNull();
});

it("a range is gone with a camera that is removed", () => {
  change(() => removeCamera(0));
  change(() => putCamera(0, "gate"));
  expect(exportRangeOf(0, "gate")).toBeNull();
});

it("a range goes with its camera when tiles are swapped, even with a tile of the same camera", () => {
  change(() => swapTiles(0, 1));
  expect(exportRangeOf(1, "gate")).toEqual(RANGE);
  expect(exportRangeOf(0, "yard")).toBeNull();
  change(() => swapTiles(1, 2));
  expect(exportRangeOf(2, "gate")).toEqual(RANGE);
  expect(exportRangeOf(1, "gate")).toBeNull();
});

it("what was sent is not offered again, on any tile; what was drawn for other cameras stays", () => {
  setExportRange(2, "gate", RANGE);
  setExportRange(1, "yard", RANGE);
  clearRangesOf(["gate"]);
  expect([exportRangeOf(0, "gate"), exportRangeOf(2, "gate")]).toEqual([null, null]);
  expect(exportRangeOf(1, "yard")).toEqual(RANGE);
});
