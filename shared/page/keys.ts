/**
 * Keys of a page. What a handler answers and what the sheet of all keys shows come from the same tables: a handler has
 * one function for each action of its table and asks `actionOf` what was pressed, and nobody else looks at a key.
 */

/** A key or several that do the same. */
export interface Key<Action extends string> {
  readonly action: Action;
  /** What the key writes or is called (`KeyboardEvent.key`), lower case; on whatever layout, with Caps Lock or not. */
  readonly keys: readonly string[];
  /** Written by the same key with or without Shift, or by that of other layouts; not shown. */
  readonly also?: readonly string[];
  /** Where it lies (`KeyboardEvent.code`), for keys meant as neighbours; taken where no letter of the table is written. */
  readonly places?: readonly string[];
  readonly shift?: "needed";
  /** On a Mac, Command does the same. */
  readonly ctrl?: "needed" | "allowed";
  /** What it does, for the sheet. */
  readonly words: string;
}

export interface KeyTable<Action extends string = string> {
  /** Where these keys count, as the sheet says it. */
  readonly where: string;
  /** They belong to a field in which is typed; all others are silent there. */
  readonly isInField?: boolean;
  readonly keys: readonly Key<Action>[];
}

/** Any letter or digit, whatever it is. */
export const ANY_LETTER = "any letter";

export function keyTable<const Action extends string>(table: KeyTable<Action>): KeyTable<Action> {
  return table;
}

type PressedKey = Pick<
  KeyboardEvent,
  | "key"
  | "code"
  | "ctrlKey"
  | "altKey"
  | "metaKey"
  | "shiftKey"
  | "isComposing"
  | "target"
  | "getModifierState"
>;
/** Of the browser, or as React hands it on. */
export type KeyEvent = PressedKey | { readonly nativeEvent: PressedKey };

/** What a key asks for here, or null: for no key of the table, for the system's own, while something is typed or composed. */
export function actionOf<Action extends string>(table: KeyTable<Action>, event: KeyEvent): Action | null {
  const pressed = "nativeEvent" in event ? event.nativeEvent : event;
  if (pressed.altKey || pressed.isComposing || pressed.key === "Process") return null;
  if (table.isInField !== true && isTyping(pressed.target)) return null;
  const fitting = table.keys.filter((key) => fitsHeld(key, pressed));
  const letter = letterOf(pressed);
  const byLetter = fitting.find(({ keys, also = [] }) => keys.includes(letter) || also.includes(letter));
  const byPlace = isMeantByPlace(letter, pressed)
    ? fitting.find(({ places = [] }) => places.includes(pressed.code))
    : undefined;
  const byAny = /^[\p{L}\p{N}]$/u.test(pressed.key)
    ? fitting.find(({ keys }) => keys.includes(ANY_LETTER))
    : undefined;
  return (byLetter ?? byPlace ?? byAny)?.action ?? null;
}

interface Answered {
  preventDefault(): void;
}

/**
 * Does what a key asks for.
 * @returns whether it asked for something
 */
export function answerKey<Action extends string>(
  table: KeyTable<Action>,
  event: KeyEvent & Answered,
  actions: Readonly<Record<Action, () => void>>,
): boolean {
  const action = actionOf(table, event);
  if (action === null) return false;
  event.preventDefault();
  actions[action]();
  return true;
}

function fitsHeld({ shift, ctrl }: Key<string>, { ctrlKey, metaKey, shiftKey }: PressedKey): boolean {
  const isCtrlHeld = ctrlKey || metaKey;
  if (isCtrlHeld ? ctrl === undefined : ctrl === "needed") return false;
  return shift !== "needed" || shiftKey;
}

/**
 * What asks for the sheet stands in all kinds of places, and is meant wherever it is pressed; with AltGr a key writes
 * its third sign, and nobody means its place.
 */
function isMeantByPlace(letter: string, pressed: PressedKey): boolean {
  return !SHEET_LETTERS.includes(letter) && !pressed.getModifierState("AltGraph");
}

/** Where the layout has no Latin letters, as a Cyrillic one, the letter is the one that Latin keyboards have there. */
function letterOf({ key, code }: PressedKey): string {
  const isForeign = /^\p{L}$/u.test(key) && !/^\p{Script=Latin}$/u.test(key);
  const there = isForeign ? /^Key([A-Z])$/.exec(code)?.[1] : undefined;
  return (there ?? key).toLowerCase();
}

const TYPED_INTO =
  "input:not([type=checkbox], [type=radio], [type=range], [type=button], [type=submit]), textarea, select, [contenteditable]:not([contenteditable=false]), [role=textbox]";

/** Whether a key that is pressed there is text. */
function isTyping(target: EventTarget | null): boolean {
  return target !== null && "closest" in target && (target as Element).closest(TYPED_INTO) !== null;
}

/** Also as Arabic and full-width keyboards write it. */
const SHEET_LETTERS: readonly string[] = ["?", "؟", "？"];

/** Asks for the sheet of all keys, of either page. */
export const SHEET_KEYS = keyTable({
  where: "Everywhere",
  keys: [{ action: "sheet", keys: ["?"], also: SHEET_LETTERS, words: "This sheet" }],
});

/** While a list is searched that stands below the search, in either page. */
export const SEARCH_KEYS = keyTable({
  where: "In a search",
  isInField: true,
  keys: [{ action: "enter-list", keys: ["arrowdown"], words: "Into the list of what was found" }],
});
