import type { KeyAction } from "../../design-system/keys.ts";

/** While a tile itself has the focus. */
export const TILE_KEYS = [
  { action: "play", letters: [" "], shown: "Space", words: "Play or pause" },
  { action: "expand", letters: ["enter"], shown: "Enter", words: "Expand the tile, or all tiles again" },
  { action: "remove", letters: ["delete"], shown: "Delete", words: "Take the camera out of the tile" },
  { action: "back", letters: [","], places: ["Comma"], shown: ",", words: "One frame back" },
  { action: "forward", letters: ["."], places: ["Period"], shown: ".", words: "One frame forward" },
  { action: "live", letters: ["l"], shown: "L", words: "Back to live" },
  { action: "jump", letters: ["t"], shown: "T", words: "Jump to a time" },
] as const satisfies readonly KeyAction<string>[];

/** Of tiles, but handled by the tile's frame and the canvas: only for the sheet. */
export const CANVAS_KEY_WORDS = [
  { shown: "Arrow keys", words: "To the next tile" },
  { shown: "Menu key or Shift+F10", words: "The tile's menu" },
] as const;
