import { keyTable } from "#shared/page/keys.ts";

/** While the position on a timeline has the focus. */
export const TIMELINE_KEYS = keyTable({
  where: "On a timeline",
  keys: [
    { action: "back", keys: ["arrowleft"], words: "A second back, with Shift ten" },
    { action: "forward", keys: ["arrowright"], words: "A second forward, with Shift ten" },
    { action: "minute-back", keys: ["pagedown"], words: "A minute back" },
    { action: "minute-forward", keys: ["pageup"], words: "A minute forward" },
    { action: "mark-start", keys: ["i"], words: "Start of the export at the picture" },
    { action: "mark-end", keys: ["o"], words: "End of the export at the picture" },
    {
      ...{ action: "zoom-in", keys: ["+"], also: ["="], places: ["Equal", "NumpadAdd"] },
      words: "A shorter time on the line",
    },
    {
      ...{ action: "zoom-out", keys: ["-"], also: ["_"], places: ["Minus", "NumpadSubtract"] },
      words: "A longer time on the line",
    },
    { action: "clear", keys: ["delete"], words: "Clear the mark" },
  ],
});

/** While an end of the export has the focus. */
export const HANDLE_KEYS = keyTable({
  where: "On an end of the export",
  keys: [
    {
      ...{ action: "earlier", keys: ["arrowleft", "arrowdown"], ctrl: "allowed" },
      words: "A second earlier, with Shift ten, with Ctrl one frame",
    },
    {
      ...{ action: "later", keys: ["arrowright", "arrowup"], ctrl: "allowed" },
      words: "A second later, with Shift ten, with Ctrl one frame",
    },
    { action: "clear", keys: ["delete"], words: "Clear the mark" },
  ],
});

/** While an end, or a range, is on the hand. */
export const DRAG_KEYS = keyTable({
  where: "While dragging on a timeline",
  keys: [{ action: "give-up", keys: ["escape"], words: "As it was before" }],
});
