import type { Locator, Page } from "playwright-core";

/** A key of a keyboard, as `KeyboardEvent` tells it. */
interface KeyInit {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey?: boolean;
  readonly shiftKey?: boolean;
}

const letters = [..."abcdefghijklmnopqrstuvwxyz"].map((key) => ({ key, code: `Key${key.toUpperCase()}` }));
const digits = [..."0123456789"].map((key) => ({ key, code: `Digit${key}` }));
const called = (key: string, code = key): KeyInit => ({ key, code });

/** By what is written on it; every key that does not belong to the system or the browser. */
const KEYBOARD: Readonly<Record<string, KeyInit>> = {
  ...Object.fromEntries([...letters, ...digits].map((init) => [init.key.toUpperCase(), init])),
  Space: called(" ", "Space"),
  "←": called("ArrowLeft"),
  "→": called("ArrowRight"),
  "↑": called("ArrowUp"),
  "↓": called("ArrowDown"),
  "Page Up": called("PageUp"),
  "Page Down": called("PageDown"),
  Home: called("Home"),
  End: called("End"),
  Enter: called("Enter"),
  Delete: called("Delete"),
  Backspace: called("Backspace"),
  Insert: called("Insert"),
  "Menu key": called("ContextMenu"),
  F2: called("F2"),
  F10: called("F10"),
  "Shift + F10": { ...called("F10"), shiftKey: true },
  ",": called(",", "Comma"),
  ".": called(".", "Period"),
  "-": called("-", "Minus"),
  "+": { ...called("+", "Equal"), shiftKey: true },
  "/": called("/", "Slash"),
  ";": called(";", "Semicolon"),
  "[": called("[", "BracketLeft"),
  "Ctrl + A": { ...called("a", "KeyA"), ctrlKey: true },
  "Ctrl + C": { ...called("c", "KeyC"), ctrlKey: true },
  "Ctrl + L": { ...called("l", "KeyL"), ctrlKey: true },
  "Ctrl + Enter": { ...called("Enter"), ctrlKey: true },
};

/** What the sheet, while it is open, says of these places: keys as they are written. */
export async function keysInSheet(page: Page, ...places: readonly string[]): Promise<string[]> {
  const sheet = page.getByRole("dialog", { name: "Keys", exact: true });
  const caps = await Promise.all(
    places.map((name) => sheet.getByRole("region", { name, exact: true }).locator("kbd").allTextContents()),
  );
  const written = caps
    .flat()
    .flatMap((cap) => (cap === "A letter" ? Object.keys(KEYBOARD).filter(isLetter) : cap));
  return [...new Set(written)].toSorted();
}

const isLetter = (cap: string) => /^[A-Z0-9]$/.test(cap);

/** Keys that change what is at the place come last, so that the others still find it. */
const LATE = ["Menu key", "Shift + F10", "T", "Enter", "Delete"];

/**
 * Presses every key of the keyboard at a place.
 * @param again brings the place back after each key, where one has changed it
 * @returns the keys that somebody answered
 */
export async function answeredKeys(place: Locator, again: () => Promise<void>): Promise<string[]> {
  const answered: string[] = [];
  const caps = Object.keys(KEYBOARD).toSorted((a, b) => LATE.indexOf(a) - LATE.indexOf(b));
  for (const cap of caps) {
    const isAnswered = await place.evaluate(
      (element, init) =>
        !element.dispatchEvent(new KeyboardEvent("keydown", { ...init, bubbles: true, cancelable: true })),
      KEYBOARD[cap]!,
    );
    if (!isAnswered) continue;
    answered.push(cap);
    await again();
  }
  return answered.toSorted();
}
