import { keyTable } from "#shared/page/keys.ts";

/** While a time is typed. */
export const TIME_FIELD_KEYS = keyTable({
  where: "In a field for a time",
  isInField: true,
  keys: [
    { action: "later", keys: ["arrowup"], words: "The part under the caret one up, with Shift ten" },
    { action: "earlier", keys: ["arrowdown"], words: "The part under the caret one down, with Shift ten" },
    { action: "read", keys: ["enter"], words: "Read what is typed and write it in full" },
  ],
});
