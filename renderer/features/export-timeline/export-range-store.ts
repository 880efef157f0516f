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

/** Two tiles exchange their cameras; what was drawn goes with them. */
export function swapExportRanges(a: number, b: number): void {
  useExportRangeStore.setState(({ ranges }) => {
    const { [a]: first, [b]: second, ...others } = ranges;
    return { ranges: { ...others, ...(second && { [a]: second }), ...(first && { [b]: first }) } };
  });
}
