import { create } from "zustand";
import type { TimeRange } from "#shared/domain/time-range.ts";

/** Export ranges by tile (0 is the first). A range belongs to the camera it was drawn for. */
interface ExportRangeStore {
  readonly ranges: Readonly<Record<number, { readonly cameraId: string; readonly range: TimeRange }>>;
}

export const useExportRangeStore = create<ExportRangeStore>(() => ({ ranges: {} }));

/** The range drawn on a tile for the camera it shows, or null. */
export function exportRangeOf(tile: number, cameraId: string): TimeRange | null {
  const drawn = useExportRangeStore.getState().ranges[tile];
  return drawn?.cameraId === cameraId ? drawn.range : null;
}

/** What the timelines show now, by tile. It changes with every frame of a pan: nothing is drawn from it. */
const shownTimes = new Map<number, TimeRange>();

/** @param shown null for a timeline that is gone */
export function tellShownTimes(tile: number, shown: TimeRange | null): void {
  if (shown === null) shownTimes.delete(tile);
  else shownTimes.set(tile, shown);
}

/** The range drawn on a tile for the camera it shows, where some of it is in sight; or null. */
export function exportRangeInSight(tile: number, cameraId: string): TimeRange | null {
  const [range, shown] = [exportRangeOf(tile, cameraId), shownTimes.get(tile)];
  if (range === null || shown === undefined) return null;
  return range.startUtcMs < shown.endUtcMs && range.endUtcMs > shown.startUtcMs ? range : null;
}

export function useExportRange(tile: number, cameraId: string): TimeRange | null {
  return useExportRangeStore(({ ranges }) =>
    ranges[tile]?.cameraId === cameraId ? ranges[tile].range : null,
  );
}

export function setExportRange(tile: number, cameraId: string, range: TimeRange | null): void {
  useExportRangeStore.setState(({ ranges }) => {
    const { [tile]: _replaced, ...others } = ranges;
    return { ranges: range === null ? others : { ...others, [tile]: { cameraId, range } } };
  });
}

/**
 * Cameras came, went or changed places on the canvas: what was drawn goes with its camera, or is gone with it.
 * @param placeOf the tile where the camera of a tile is now, or null where it was taken away
 */
export function moveExportRanges(placeOf: (tile: number, cameraId: string) => number | null): void {
  const { ranges } = useExportRangeStore.getState();
  const moved = Object.entries(ranges).flatMap(([tile, drawn]) => {
    const place = placeOf(Number(tile), drawn.cameraId);
    return place === null ? [] : [[place, drawn] as const];
  });
  const isSame =
    moved.length === Object.keys(ranges).length && moved.every(([at, drawn]) => ranges[at] === drawn);
  if (!isSame) useExportRangeStore.setState({ ranges: Object.fromEntries(moved) });
}

/** What was drawn for these cameras, on any tile, has been sent and is not offered again. */
export function clearRangesOf(cameraIds: readonly string[]): void {
  moveExportRanges((tile, cameraId) => (cameraIds.includes(cameraId) ? null : tile));
}

/** The operator left: the next one is offered nothing that was drawn before. */
export function clearAllRanges(): void {
  moveExportRanges(() => null);
}
