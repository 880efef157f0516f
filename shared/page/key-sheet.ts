import { ANY_LETTER, type Key, type KeyTable } from "./keys.ts";

/** One line of the sheet. */
export interface SheetLine {
  /** As they stand on keys; each does the same. */
  readonly caps: readonly string[];
  readonly words: string;
}

export interface SheetGroup {
  readonly where: string;
  readonly lines: readonly SheetLine[];
}

/** The sheet of these tables; what counts at the same place stands together. */
export function keySheetOf(tables: readonly KeyTable[]): SheetGroup[] {
  const places = Map.groupBy(tables, ({ where }) => where);
  return [...places].map(([where, here]) => ({ where, lines: here.flatMap(({ keys }) => linesOf(keys)) }));
}

/** Keys that are told in the same words stand on one line. */
function linesOf(keys: readonly Key<string>[]): SheetLine[] {
  const told = Map.groupBy(keys, ({ words }) => words);
  return [...told].map(([words, same]) => ({ words, caps: same.flatMap(capsOf) }));
}

/** How an action's key is written beside its entry of a menu. */
export function keyCapOf<Action extends string>(table: KeyTable<Action>, action: Action): string {
  const key = table.keys.find((each) => each.action === action);
  return key === undefined ? "" : (capsOf(key)[0] ?? "");
}

const CAPS: Readonly<Record<string, string>> = {
  " ": "Space",
  arrowleft: "←",
  arrowright: "→",
  arrowup: "↑",
  arrowdown: "↓",
  pageup: "Page Up",
  pagedown: "Page Down",
  contextmenu: "Menu key",
  [ANY_LETTER]: "A letter",
};

function capsOf({ keys, shift, ctrl }: Key<string>): string[] {
  const held = [...(ctrl === "needed" ? ["Ctrl"] : []), ...(shift === "needed" ? ["Shift"] : [])];
  return keys.map((key) => [...held, CAPS[key] ?? capitalised(key)].join(" + "));
}

function capitalised(key: string): string {
  return key.charAt(0).toUpperCase() + key.slice(1);
}
