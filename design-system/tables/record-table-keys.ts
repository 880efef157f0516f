import { keyTable } from "#shared/page/keys.ts";

/** While a link of a row has the focus. */
export const RECORD_TABLE_KEYS = keyTable({
  where: "In a list",
  keys: [
    { action: "down", keys: ["arrowdown"], words: "To the next row" },
    { action: "up", keys: ["arrowup"], words: "To the row before" },
  ],
});
