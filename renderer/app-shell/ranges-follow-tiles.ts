import { useEffect } from "react";
import { useCanvasStore, type TileContent } from "../features/camera-tiles/canvas-store.ts";
import { clearAllRanges, moveExportRanges } from "../features/export-timeline/export-range-store.ts";

type Tiles = readonly (TileContent | null)[];

/** Keeps ranges with the cameras that they were drawn for; with the operator, they go. */
export function useRangesFollowTiles(): void {
  useEffect(() => {
    const stop = useCanvasStore.subscribe((now, before) => {
      if (now.tiles !== before.tiles) moveExportRanges(placesAfter(before.tiles, now.tiles));
    });
    return () => {
      stop();
      clearAllRanges();
    };
  }, []);
}

/** Tiles that are swapped keep their content; another camera, or the same one put in anew, is new content. */
export function placesAfter(before: Tiles, now: Tiles): (tile: number, cameraId: string) => number | null {
  return (tile, cameraId) => {
    const content = before[tile] ?? null;
    const moved = content === null ? -1 : now.findIndex((each) => each?.contentId === content.contentId);
    if (moved >= 0) return moved;
    return now[tile]?.cameraId === cameraId ? tile : null;
  };
}
