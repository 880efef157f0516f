/** What only the screen knows of the canvas: pattern, cameras in tiles, selection, position of playback. */
import { create } from "zustand";
import type { Playback } from "./playback.ts";
import { patternOf, TILES_MAX, type PatternId } from "./tile-patterns.ts";

export interface TileContent {
  /** Of what was put into a tile at one time: it goes from tile to tile with it, and never comes again. */
  readonly contentId: number;
  readonly cameraId: string;
  /** What was played when the tile was last on screen; null for live. */
  readonly playback: Playback | null;
}

interface CanvasState {
  /** False until the operator's canvas is known. */
  readonly isOpen: boolean;
  readonly pattern: PatternId;
  /** TILES_MAX places; those beyond the pattern are kept but not shown. */
  readonly tiles: readonly (TileContent | null)[];
  readonly selected: number;
  /** The tile that fills the canvas, or null. */
  readonly expanded: number | null;
}

const NO_TILES: readonly null[] = Array.from({ length: TILES_MAX }, () => null);

export const useCanvasStore = create<CanvasState>(() => ({
  isOpen: false,
  pattern: "2x2",
  tiles: NO_TILES,
  selected: 0,
  expanded: null,
}));

const { setState, getState } = useCanvasStore;

interface OpenedCanvas {
  readonly pattern: PatternId;
  /** A camera for each tile, null for an empty one. */
  readonly remembered: readonly (string | null)[];
  readonly firstCameraIds: readonly string[];
  /** What was played in a tile, of this camera; null for live, which is the default. */
  readonly playedIn?: (tile: number, cameraId: string) => Playback | null;
}

/** Starts from what was remembered; without it, from the first cameras. */
export function openCanvas({ pattern, remembered, firstCameraIds, playedIn }: OpenedCanvas): void {
  const ids = remembered.length > 0 ? remembered : firstCameraIds.slice(0, patternOf(pattern).tiles);
  const tiles = NO_TILES.map((_, tile) => {
    const content = liveContent(ids[tile] ?? null);
    return content === null ? null : { ...content, playback: playedIn?.(tile, content.cameraId) ?? null };
  });
  setState({ isOpen: true, pattern, tiles, selected: 0, expanded: null });
}

/** The operator left: nothing of the canvas is shown to the next one. */
export function closeCanvas(): void {
  setState({ isOpen: false, tiles: NO_TILES });
}

let lastContentId = 0;

function liveContent(cameraId: string | null): TileContent | null {
  if (cameraId === null) return null;
  lastContentId += 1;
  return { contentId: lastContentId, cameraId, playback: null };
}

/** What was put into a tile, wherever it is by now; null once it was taken away. */
export function contentOf(contentId: number): TileContent | null {
  return getState().tiles.find((content) => content?.contentId === contentId) ?? null;
}

export function setPattern(pattern: PatternId): void {
  const last = patternOf(pattern).tiles - 1;
  setState(({ selected }) => ({ pattern, expanded: null, selected: Math.min(selected, last) }));
}

export function selectTile(tile: number): void {
  if (getState().selected !== tile) setState({ selected: tile });
}

export function toggleExpanded(tile: number): void {
  setState(({ expanded }) => ({ expanded: expanded === null ? tile : null, selected: tile }));
}

function replaceTile(tile: number, content: TileContent | null): void {
  setState(({ tiles }) => ({ tiles: tiles.map((each, index) => (index === tile ? content : each)) }));
}

/** Shows a camera live; what the tile showed before is released. */
export function putCamera(tile: number, cameraId: string): void {
  replaceTile(tile, liveContent(cameraId));
  selectTile(tile);
}

/** Shows a camera in the selected tile and selects the next empty one, so that several can be put in a row. */
export function putCameraIntoSelected(cameraId: string): void {
  const { selected, expanded, pattern } = getState();
  putCamera(selected, cameraId);
  if (expanded !== null) return;
  const empty = getState().tiles.findIndex(
    (content, tile) => content === null && tile < patternOf(pattern).tiles,
  );
  if (empty >= 0) selectTile(empty);
}

export function removeCamera(tile: number): void {
  replaceTile(tile, null);
  if (getState().expanded === tile) setState({ expanded: null });
}

export function swapTiles(a: number, b: number): void {
  setState(({ tiles }) => {
    const swapped = [...tiles];
    [swapped[a], swapped[b]] = [tiles[b] ?? null, tiles[a] ?? null];
    return { tiles: swapped, selected: b };
  });
}

/** Remembers what is played, for when it comes back on screen, in this tile or in another. */
export function rememberPlayback(contentId: number, playback: Playback | null): void {
  if (contentOf(contentId) === null) return;
  setState(({ tiles }) => ({
    tiles: tiles.map((each) => (each?.contentId === contentId ? { ...each, playback } : each)),
  }));
}

/** Cameras on the canvas in the order of their tiles, each once. */
export function camerasInTiles(): string[] {
  const { tiles, pattern } = getState();
  const shown = tiles.slice(0, patternOf(pattern).tiles);
  return [...new Set(shown.flatMap((content) => (content === null ? [] : [content.cameraId])))];
}
