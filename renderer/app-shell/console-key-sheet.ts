import { keySheetOf, type SheetGroup } from "#shared/page/key-sheet.ts";
import { ANY_LETTER, keyTable, SEARCH_KEYS, SHEET_KEYS } from "#shared/page/keys.ts";
import { TIME_FIELD_KEYS } from "#design-system/date-time-field/field-keys.ts";
import { TREE_KEYS, WIDTH_DRAG_KEYS, WIDTH_KEYS } from "../features/area-view/area-view-keys.ts";
import { CANVAS_KEYS, TILE_KEYS, TILE_MENU_KEYS } from "../features/camera-tiles/tile-keys.ts";
import { DRAG_KEYS, HANDLE_KEYS, TIMELINE_KEYS } from "../features/export-timeline/timeline-keys.ts";
import { CAMERA_GRID_KEYS } from "../features/export-wizard/wizard-keys.ts";
import { TRAY_KEYS } from "../features/notification-tray/tray-keys.ts";
import { WINDOW_KEYS } from "./window-keys.ts";

/** Answered by the library of controls itself. */
const LIBRARY_KEYS = keyTable({
  where: "In lists and menus",
  keys: [
    { action: "step", keys: ["arrowup", "arrowdown"], words: "To the entry before, or after" },
    { action: "choose", keys: ["enter", " "], words: "Choose" },
    { action: "letter", keys: [ANY_LETTER], words: "To the next name that begins so" },
  ],
});

/** Every key of the console, in the order of the screen. */
export const CONSOLE_KEY_SHEET: readonly SheetGroup[] = keySheetOf([
  TILE_KEYS,
  CANVAS_KEYS,
  TILE_MENU_KEYS,
  TIMELINE_KEYS,
  HANDLE_KEYS,
  DRAG_KEYS,
  TREE_KEYS,
  WIDTH_KEYS,
  WIDTH_DRAG_KEYS,
  CAMERA_GRID_KEYS,
  TIME_FIELD_KEYS,
  SEARCH_KEYS,
  LIBRARY_KEYS,
  TRAY_KEYS,
  WINDOW_KEYS,
  SHEET_KEYS,
]);
