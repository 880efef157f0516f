import { keyTable } from "#shared/page/keys.ts";

/** Wherever the focus is, unless something lies over the console. */
export const TRAY_KEYS = keyTable({
  where: "Everywhere",
  isInField: true,
  keys: [{ action: "close", keys: ["escape"], words: "Close what is open on top" }],
});
