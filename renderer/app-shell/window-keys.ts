import { keyTable } from "#shared/page/keys.ts";

/** Of every window, also while something is typed or a dialog is open. */
export const WINDOW_KEYS = keyTable({
  where: "Everywhere",
  isInField: true,
  keys: [
    { action: "full-screen", keys: ["f11"], words: "Full screen, or a window again" },
    { action: "open", keys: ["f8"], words: "A new window" },
    { action: "next", keys: ["f6"], words: "To the next window" },
  ],
});
