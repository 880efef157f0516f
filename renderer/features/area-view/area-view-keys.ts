import { ANY_LETTER, keyTable } from "#shared/page/keys.ts";

/** While the tree of areas and cameras has the focus. */
export const TREE_KEYS = keyTable({
  where: "In the area view",
  keys: [
    {
      action: "act",
      keys: ["enter", " "],
      words: "Put the camera into the selected tile, open or close the area",
    },
    { action: "down", keys: ["arrowdown"], words: "To the next row" },
    { action: "up", keys: ["arrowup"], words: "To the row before" },
    { action: "page-down", keys: ["pagedown"], words: "Twelve rows on" },
    { action: "page-up", keys: ["pageup"], words: "Twelve rows back" },
    { action: "first", keys: ["home"], words: "To the first row" },
    { action: "last", keys: ["end"], words: "To the last row" },
    { action: "out", keys: ["arrowleft"], words: "Close the area, or to the area of the camera" },
    { action: "in", keys: ["arrowright"], words: "Open the area, or to its first camera" },
    { action: "letter", keys: [ANY_LETTER], words: "To the next name that begins so" },
  ],
});

/** While the edge of the area view has the focus. */
export const WIDTH_KEYS = keyTable({
  where: "On the edge of the area view",
  keys: [
    { action: "narrower", keys: ["arrowleft"], words: "Narrower" },
    { action: "wider", keys: ["arrowright"], words: "Wider" },
    { action: "least", keys: ["home"], words: "As narrow as it goes" },
    { action: "most", keys: ["end"], words: "As wide as it goes" },
  ],
});

/** While the edge of the area view is on the hand. */
export const WIDTH_DRAG_KEYS = keyTable({
  where: "While dragging the edge of the area view",
  keys: [{ action: "give-up", keys: ["escape"], words: "As it was before" }],
});
