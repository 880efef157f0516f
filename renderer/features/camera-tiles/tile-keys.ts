import { keyTable } from "#shared/page/keys.ts";

const ON_A_TILE = "On a tile";

/** While the tile itself has the focus. */
export const TILE_KEYS = keyTable({
  where: ON_A_TILE,
  keys: [
    { action: "play", keys: [" "], words: "Play or pause" },
    { action: "back", keys: [","], places: ["Comma"], words: "One frame back" },
    { action: "forward", keys: ["."], places: ["Period"], words: "One frame forward" },
    { action: "live", keys: ["l"], words: "Back to live" },
    { action: "jump", keys: ["t"], words: "Jump to a time" },
    { action: "expand", keys: ["enter"], words: "Expand the tile, or all tiles again" },
    { action: "remove", keys: ["delete"], words: "Take the camera out of the tile" },
  ],
});

/** From tile to tile. */
export const CANVAS_KEYS = keyTable({
  where: ON_A_TILE,
  keys: [
    { action: "left", keys: ["arrowleft"], words: "To the next tile" },
    { action: "right", keys: ["arrowright"], words: "To the next tile" },
    { action: "up", keys: ["arrowup"], words: "To the next tile" },
    { action: "down", keys: ["arrowdown"], words: "To the next tile" },
  ],
});

/** Of every tile, also of an empty one. */
export const TILE_MENU_KEYS = keyTable({
  where: ON_A_TILE,
  keys: [
    { action: "menu", keys: ["contextmenu"], words: "The tile's menu" },
    { action: "menu", keys: ["f10"], shift: "needed", words: "The tile's menu" },
  ],
});
