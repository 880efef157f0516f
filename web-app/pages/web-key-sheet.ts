import { keySheetOf, type SheetGroup } from "#shared/page/key-sheet.ts";
import { keyTable, SEARCH_KEYS, SHEET_KEYS } from "#shared/page/keys.ts";
import { TIME_FIELD_KEYS } from "#design-system/date-time-field/field-keys.ts";
import { RECORD_TABLE_KEYS } from "#design-system/tables/record-table-keys.ts";
import { PLAYER_KEYS, SPACE_KEYS, TIME_BAR_KEYS } from "../player/player-keys.ts";

/** Answered by the browser and the library of controls themselves. */
const LIST_KEYS = keyTable({
  where: "In a list",
  keys: [{ action: "open", keys: ["enter"], words: "Open the case or the evidence" }],
});
const EMPTYING_KEYS = keyTable({
  where: "In a search",
  isInField: true,
  keys: [{ action: "empty", keys: ["escape"], words: "Empty it" }],
});

/** Every key of the web application. */
export const WEB_KEY_SHEET: readonly SheetGroup[] = keySheetOf([
  PLAYER_KEYS,
  SPACE_KEYS,
  TIME_BAR_KEYS,
  RECORD_TABLE_KEYS,
  LIST_KEYS,
  SEARCH_KEYS,
  EMPTYING_KEYS,
  TIME_FIELD_KEYS,
  SHEET_KEYS,
]);
