import { useEffect } from "react";
import { useCanvasStore, type TileContent } from "../features/camera-tiles/canvas-store.ts";
import { clearAllRanges, moveExportRanges } from "../features/export-timeline/export-range-store.ts";
import { moveTimelinePlaces } from "../features/export-timeline/timeline-places.ts";

type Tiles = readonly (TileContent | null)[];

/** Keeps ranges, and what timelines show, with the cameras that they are of; with the operator, they go. */
export function useRangesFollowTiles(): void {
  useEffect(() => {
    const stop = followTiles();
    return () => {
      stop();
      clearAllRanges();
      moveTimelinePlaces(() => null);
    };
  }, []);
}

/** @returns ends it */
export function followTiles(): () => void {
  return useCanvasStore.subscribe((now, before) => {
    if (now.tiles === before.tiles) return;
    moveExportRanges(placesAfter(before.tiles, now.tiles));
    moveTimelinePlaces((tile) => movedTo(before.tiles, now.tiles, tile));
  });
}

/** Tiles that are swapped keep their content; another camera, or the same one put in anew, is new content. */
export function placesAfter(before: Tiles, now: Tiles): (tile: number, cameraId: string) => number | null {
  return (tile, cameraId) => {
    const moved = movedTo(before, now, tile);
    return moved ?? (now[tile]?.cameraId === cameraId ? tile : null);
  };
}

/** Where the content of a tile is now; null where it is gone. */
function movedTo(before: Tiles, now: Tiles, tile: number): number | null {
  const content = before[tile] ?? null;
  const moved = content === null ? -1 : now.findIndex((each) => each?.contentId === content.contentId);
  return moved >= 0 ? moved : null;
}
