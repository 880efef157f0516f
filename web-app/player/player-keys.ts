import { keyTable } from "#shared/page/keys.ts";

const IN_THE_PLAYER = "In the player";

/** Wherever the focus is inside the player. */
export const PLAYER_KEYS = keyTable({
  where: IN_THE_PLAYER,
  keys: [
    { action: "toggle", keys: ["k"], words: "Play or pause" },
    { action: "jump-back", keys: ["j"], words: "15 seconds back" },
    { action: "jump-forward", keys: ["l"], words: "15 seconds forward" },
    { action: "frame-back", keys: [","], places: ["Comma"], words: "One frame back" },
    { action: "frame-forward", keys: ["."], places: ["Period"], words: "One frame forward" },
  ],
});

/** The space bar presses the control that has the focus; beside controls it is the player's. */
export const SPACE_KEYS = keyTable({
  where: IN_THE_PLAYER,
  keys: [{ action: "toggle", keys: [" "], words: "Play or pause, unless a button has the focus" }],
});

/** While the position has the focus. */
export const TIME_BAR_KEYS = keyTable({
  where: "On the player's time bar",
  keys: [
    { action: "back", keys: ["arrowleft", "arrowdown"], words: "A second back" },
    { action: "forward", keys: ["arrowright", "arrowup"], words: "A second forward" },
    { action: "far-back", keys: ["pagedown"], words: "15 seconds back" },
    { action: "far-forward", keys: ["pageup"], words: "15 seconds forward" },
    { action: "first", keys: ["home"], words: "To the beginning" },
    { action: "last", keys: ["end"], words: "To the end" },
  ],
});
