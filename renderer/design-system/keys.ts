import type { KeyboardEvent as ReactKeyboardEvent } from "react";

/**
 * One key and what it does. A letter is what the key writes, on whatever layout and whether Caps Lock is on or not; a
 * place is where the key lies, for keys that are meant as neighbours.
 */
export interface KeyAction<Action extends string> {
  readonly action: Action;
  /** What the key writes or is called (`KeyboardEvent.key`), lower case. */
  readonly letters: readonly string[];
  /** Where it lies (`KeyboardEvent.code`); taken where no letter of another action is written there. */
  readonly places?: readonly string[];
  /** As it stands on the key. */
  readonly shown: string;
  /** What it does, for the sheet of all keys. */
  readonly words: string;
}

/** Asks for the sheet of all keys. */
export const SHEET_KEY = "?";

type PressedKey = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "altKey" | "metaKey" | "isComposing">;

/** What a key asks for here, or null: for no key of the table, with Ctrl, Alt or Meta, and while text is composed. */
export function actionOf<Action extends string>(
  table: readonly KeyAction<Action>[],
  event: ReactKeyboardEvent | KeyboardEvent,
): Action | null {
  const pressed: PressedKey = "nativeEvent" in event ? event.nativeEvent : event;
  if (pressed.ctrlKey || pressed.altKey || pressed.metaKey || pressed.isComposing) return null;
  const letter = pressed.key.toLowerCase();
  const byLetter = table.find(({ letters }) => letters.includes(letter));
  // The sheet's key stands in all kinds of places, and is meant wherever it is pressed.
  const byPlace =
    letter === SHEET_KEY ? undefined : table.find(({ places = [] }) => places.includes(pressed.code));
  const found = byLetter ?? byPlace;
  return found?.action ?? null;
}

const TYPED_INTO =
  "input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]";

/** Whether a key that is pressed there is text. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TYPED_INTO) !== null;
}
