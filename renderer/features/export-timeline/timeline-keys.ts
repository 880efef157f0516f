import type { KeyAction } from "../../design-system/keys.ts";

/** While the position on a timeline has the focus. */
export const TIMELINE_KEYS = [
  { action: "back", letters: ["arrowleft"], shown: "←", words: "A second back, with Shift ten" },
  { action: "forward", letters: ["arrowright"], shown: "→", words: "A second forward, with Shift ten" },
  { action: "minute-back", letters: ["pagedown"], shown: "Page Down", words: "A minute back" },
  { action: "minute-forward", letters: ["pageup"], shown: "Page Up", words: "A minute forward" },
  { action: "mark-start", letters: ["i"], shown: "I", words: "Start of the export at the picture" },
  { action: "mark-end", letters: ["o"], shown: "O", words: "End of the export at the picture" },
  {
    action: "zoom-in",
    letters: ["+", "="],
    places: ["Equal", "NumpadAdd"],
    shown: "+",
    words: "A shorter time on the line",
  },
  {
    action: "zoom-out",
    letters: ["-", "_"],
    places: ["Minus", "NumpadSubtract"],
    shown: "-",
    words: "A longer time on the line",
  },
  { action: "clear", letters: ["delete"], shown: "Delete", words: "Clear the mark" },
] as const satisfies readonly KeyAction<string>[];

/** On an end of the export; they are the sliders' own. */
export const HANDLE_KEY_WORDS = [
  { shown: "Arrow keys", words: "An end of the export by a second, with Shift ten, with Ctrl one frame" },
] as const;
