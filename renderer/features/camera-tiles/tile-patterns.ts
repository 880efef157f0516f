import type { IconName } from "#design-system/icons/icon.tsx";
import type { Preferences } from "#shared/ipc-contract/preference-contract.ts";

export type PatternId = Preferences["canvasPattern"];

export interface TilePattern {
  readonly id: PatternId;
  readonly name: string;
  readonly icon: IconName;
  readonly tiles: number;
  /** Columns, and rows, of the grid. */
  readonly columns: number;
  /** Cells that the first tile covers each way. */
  readonly firstSpan: number;
}

/** The largest pattern's number of tiles; cameras stay loaded in their order when the pattern shrinks. */
export const TILES_MAX = 16;

export const TILE_PATTERNS: readonly TilePattern[] = [
  { id: "1", name: "1", icon: "pattern-1", tiles: 1, columns: 1, firstSpan: 1 },
  { id: "2x2", name: "2×2", icon: "pattern-2x2", tiles: 4, columns: 2, firstSpan: 1 },
  { id: "1+5", name: "1+5", icon: "pattern-1+5", tiles: 6, columns: 3, firstSpan: 2 },
  { id: "3x3", name: "3×3", icon: "pattern-3x3", tiles: 9, columns: 3, firstSpan: 1 },
  { id: "4x4", name: "4×4", icon: "pattern-4x4", tiles: 16, columns: 4, firstSpan: 1 },
];

export function patternOf(id: PatternId): TilePattern {
  const pattern = TILE_PATTERNS.find((each) => each.id === id);
  if (pattern === undefined) throw new Error(`There is no pattern ${id}.`);
  return pattern;
}
