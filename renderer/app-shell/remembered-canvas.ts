import { useEffect } from "react";
import { closeCanvas, openCanvas, useCanvasStore } from "../features/camera-tiles/canvas-store.ts";
import { useCameras } from "../main-process-client/cameras.ts";
import { usePreferences, useUpdatePreferences } from "../main-process-client/preferences.ts";
import { forgetKeptTiles, keepTiles, readKeptTiles } from "./kept-tiles.ts";

/** Dragging cameras about changes the canvas in bursts; it is remembered when it has come to rest. */
const REST_MS = 600;

/**
 * Opens the canvas as the operator left it, or with the first cameras on a first start, and remembers
 * what becomes of it. Tiles are live, unless it was only the page that ended.
 * @returns true once the canvas can be shown
 */
export function useRememberedCanvas(username: string): boolean {
  const preferences = usePreferences();
  const cameras = useCameras();
  const isOpen = useCanvasStore((state) => state.isOpen);
  const remembered = preferences.value;
  const known = cameras.value;
  useEffect(() => leaveCanvas, []);
  useEffect(() => {
    if (isOpen || remembered === undefined || known === undefined) return;
    if (remembered.tiles.length === 0 && known.length === 0) return;
    const firstIds = known.map(({ id }) => id);
    const kept = readKeptTiles(username);
    openCanvas(remembered.canvasPattern, remembered.tiles, firstIds, kept.playedIn);
    kept.restoreTimelines();
  }, [isOpen, remembered, known, username]);
  useEffect(() => (isOpen ? keepTiles(username) : undefined), [isOpen, username]);
  useRemembering(isOpen);
  return isOpen || known?.length === 0;
}

function leaveCanvas(): void {
  closeCanvas();
  forgetKeptTiles();
}

function useRemembering(isOpen: boolean): void {
  const { run } = useUpdatePreferences();
  useEffect(() => {
    if (!isOpen) return;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let before = JSON.stringify(layout());
    const stop = useCanvasStore.subscribe(() => {
      const now = JSON.stringify(layout());
      if (now === before || !useCanvasStore.getState().isOpen) return;
      before = now;
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(() => void run(layout()), REST_MS);
    });
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [isOpen, run]);
}

/** Pattern and cameras; what is played outlasts the page alone, and the selection nothing. */
function layout() {
  const { pattern, tiles } = useCanvasStore.getState();
  return { canvasPattern: pattern, tiles: tiles.map((content) => content?.cameraId ?? null) };
}
