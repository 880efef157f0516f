import { useEffect, useEffectEvent } from "react";
import type { CanvasLayout } from "#shared/ipc-contract/window-contract.ts";
import { closeCanvas, openCanvas, useCanvasStore } from "../features/camera-tiles/canvas-store.ts";
import { useCameras } from "../main-process-client/cameras.ts";
import { usePreferences, useUpdatePreferences } from "../main-process-client/preferences.ts";
import { keepCanvas } from "../main-process-client/windows.ts";
import { forgetKeptTiles, keepTiles, readKeptTiles } from "./kept-tiles.ts";

/** Dragging cameras about changes the canvas in bursts; it is remembered when it has come to rest. */
const REST_MS = 600;

/** Where a window's canvas is remembered. */
interface CanvasMemory {
  /** Undefined until it is known; without tiles on a first start. */
  readonly remembered: CanvasLayout | undefined;
  readonly remember: (layout: CanvasLayout) => void;
}

/** The canvas of the first window stands in the operator's preferences. */
export function useFirstCanvas(username: string): boolean {
  const remembered = usePreferences().value;
  const { run } = useUpdatePreferences();
  return useRememberedCanvas(username, { remembered, remember: (layout) => void run(layout) });
}

/** @param remembered of this window, as it was when its page was opened */
export function useFurtherCanvas(username: string, remembered: CanvasLayout): boolean {
  return useRememberedCanvas(username, { remembered, remember: (layout) => void keepCanvas(layout) });
}

/**
 * Opens the canvas as the operator left it, or with the first cameras on a first start, and remembers
 * what becomes of it. Tiles are live, unless it was only the page that ended.
 * @returns true once the canvas can be shown
 */
function useRememberedCanvas(username: string, { remembered, remember }: CanvasMemory): boolean {
  const cameras = useCameras();
  const isOpen = useCanvasStore((state) => state.isOpen);
  const known = cameras.value;
  useEffect(() => leaveCanvas, []);
  useEffect(() => {
    if (isOpen || remembered === undefined || known === undefined) return;
    if (remembered.tiles.length === 0 && known.length === 0) return;
    const firstIds = known.map(({ id }) => id);
    const kept = readKeptTiles(username);
    openCanvas({
      pattern: remembered.canvasPattern,
      remembered: remembered.tiles,
      firstCameraIds: firstIds,
      playedIn: kept.playedIn,
    });
    kept.restoreTimelines();
  }, [isOpen, remembered, known, username]);
  useEffect(() => (isOpen ? keepTiles(username) : undefined), [isOpen, username]);
  useRemembering(isOpen, remember);
  return isOpen || known?.length === 0;
}

function leaveCanvas(): void {
  closeCanvas();
  forgetKeptTiles();
}

function useRemembering(isOpen: boolean, remember: CanvasMemory["remember"]): void {
  const rememberNow = useEffectEvent(remember);
  useEffect(() => {
    if (!isOpen) return;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let before = JSON.stringify(layout());
    const stop = useCanvasStore.subscribe(() => {
      const now = JSON.stringify(layout());
      if (now === before || !useCanvasStore.getState().isOpen) return;
      before = now;
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(() => rememberNow(layout()), REST_MS);
    });
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [isOpen]);
}

/** Pattern and cameras; what is played outlasts the page alone, and the selection nothing. */
function layout(): CanvasLayout {
  const { pattern, tiles } = useCanvasStore.getState();
  return { canvasPattern: pattern, tiles: tiles.map((content) => content?.cameraId ?? null) };
}
