import { describe, expect, test } from "vitest";
import { keySheetOf } from "./key-sheet.ts";
import { actionOf, ANY_LETTER, keyTable, SHEET_KEYS, type KeyEvent } from "./keys.ts";

const TABLE = keyTable({
  where: "On a tile",
  keys: [
    { action: "live", keys: ["l"], words: "Back to live" },
    { action: "mark", keys: ["m"], words: "Mark" },
    { action: "quit", keys: ["a"], words: "Away" },
    { action: "back", keys: [","], places: ["Comma"], words: "A frame back" },
    { action: "forward", keys: ["."], places: ["Period"], words: "A frame forward" },
    { action: "in", keys: ["+"], also: ["="], places: ["Equal"], words: "In" },
    { action: "out", keys: ["-"], also: ["_"], places: ["Minus"], words: "Out" },
    { action: "menu", keys: ["f10"], shift: "needed", words: "Menu" },
    { action: "left", keys: ["arrowleft"], ctrl: "allowed", words: "Left" },
    { action: "all", keys: ["x"], places: ["KeyX"], ctrl: "needed", words: "All" },
  ],
});

const HELD = { ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, isComposing: false };
const pressed = (key: string, code: string, change: object = {}): KeyEvent => ({
  ...HELD,
  key,
  code,
  target: null,
  getModifierState: () => false,
  ...change,
});
const SHIFT = { shiftKey: true };
const ALT_GRAPH = { getModifierState: (modifier: string) => modifier === "AltGraph" };

describe("a key", () => {
  test.each([
    ["as it is", pressed("l", "KeyL"), "live"],
    ["with Caps Lock or Shift", pressed("L", "KeyL"), "live"],
    ["with Caps Lock and Shift", pressed("l", "KeyL", SHIFT), "live"],
    ["of no action", pressed("q", "KeyQ"), null],
    ["with Ctrl, where it is the system's", pressed("l", "KeyL", { ctrlKey: true }), null],
    ["with Command, where it is the system's", pressed("l", "KeyL", { metaKey: true }), null],
    ["with Alt, which is a letter of its own on some layouts", pressed("l", "KeyL", { altKey: true }), null],
    ["with Ctrl where the table takes it", pressed("ArrowLeft", "ArrowLeft", { ctrlKey: true }), "left"],
    ["without Ctrl where that is allowed", pressed("ArrowLeft", "ArrowLeft"), "left"],
    ["with Ctrl where that is needed", pressed("x", "KeyX", { ctrlKey: true }), "all"],
    ["with Command instead", pressed("x", "KeyX", { metaKey: true }), "all"],
    ["without Ctrl where that is needed", pressed("x", "KeyX"), null],
    ["with Shift where that is needed", pressed("F10", "F10", SHIFT), "menu"],
    ["without Shift where that is needed", pressed("F10", "F10"), null],
    ["while text is composed", pressed("l", "KeyL", { isComposing: true }), null],
    ["that an input method takes", pressed("Process", "KeyL"), null],
  ])("%s", (_how, event, action) => {
    expect(actionOf(TABLE, event)).toBe(action);
  });
});

describe("on other layouts", () => {
  test.each([
    ["French: A lies where Q is", pressed("a", "KeyQ"), "quit"],
    ["French: Q lies where A is, and is no A", pressed("q", "KeyA"), null],
    ["French: M lies beside L", pressed("m", "Semicolon"), "mark"],
    ["French: the comma lies where M is", pressed(",", "KeyM"), "back"],
    ["French: the key of the comma's place writes a semicolon", pressed(";", "Comma"), "back"],
    ["French: with Shift it writes the full stop", pressed(".", "Comma", SHIFT), "forward"],
    ["French: the full stop's place writes a colon", pressed(":", "Period"), "forward"],
    [
      "French: ? is on the comma's place with Shift, and asks for the sheet",
      pressed("?", "Comma", SHIFT),
      null,
    ],
    ["German: the minus lies where the slash is", pressed("-", "Slash"), "out"],
    ["German: the plus lies beside Ü", pressed("+", "BracketRight"), "in"],
    ["German: ß lies on the minus's place", pressed("ß", "Minus"), "out"],
    ["German: a dead accent lies on the plus's place", pressed("Dead", "Equal"), "in"],
    ["Dvorak: L lies where P is", pressed("l", "KeyP"), "live"],
    ["Dvorak: what lies where L is writes N", pressed("n", "KeyL"), null],
    ["Dvorak: the comma lies where W is", pressed(",", "KeyW"), "back"],
    ["Dvorak: W lies on the comma's place", pressed("w", "Comma"), "back"],
    ["Dvorak: the full stop lies where E is", pressed(".", "KeyE"), "forward"],
    ["Russian: Д lies where L is", pressed("д", "KeyL"), "live"],
    ["Russian: with Shift", pressed("Д", "KeyL", SHIFT), "live"],
    ["Russian: Б lies on the comma's place", pressed("б", "Comma"), "back"],
    ["Russian: Ю lies on the full stop's place", pressed("ю", "Period"), "forward"],
    ["Russian: Ctrl with Ч, where X is", pressed("ч", "KeyX", { ctrlKey: true }), "all"],
    ["German: AltGr and the comma's place write a dot of their own", pressed("·", "Comma", ALT_GRAPH), null],
    ["Polish: AltGr and L write another letter", pressed("ł", "KeyL", ALT_GRAPH), null],
    ["a plus that is written with AltGr", pressed("+", "Digit1", ALT_GRAPH), "in"],
    ["Greek: Λ lies where L is", pressed("λ", "KeyL"), "live"],
  ])("%s", (_how, event, action) => {
    expect(actionOf(TABLE, event)).toBe(action);
  });

  test.each([
    ["US", pressed("?", "Slash", SHIFT)],
    ["French", pressed("?", "KeyM", SHIFT)],
    ["German", pressed("?", "Minus", SHIFT)],
    ["Russian", pressed("?", "Digit7", SHIFT)],
    ["Dvorak", pressed("?", "BracketLeft", SHIFT)],
    ["Arabic", pressed("؟", "Slash", SHIFT)],
    ["full-width", pressed("？", "Slash", SHIFT)],
    ["with AltGr", pressed("?", "KeyW", ALT_GRAPH)],
  ])("? asks for the sheet: %s", (_layout, event) => {
    expect(actionOf(SHEET_KEYS, event)).toBe("sheet");
  });
});

describe("while something is typed", () => {
  const field = (selector: string) => ({
    closest: (asked: string) => (asked.includes(selector) ? {} : null),
  });
  test.each(["input", "textarea", "select", "[contenteditable]", "[role=textbox]"])("in %s", (selector) => {
    const inField = pressed("l", "KeyL", { target: field(selector) });
    expect(actionOf(TABLE, inField)).toBeNull();
    expect(actionOf({ ...TABLE, isInField: true }, inField)).toBe("live");
  });
});

test("any letter is a letter or a digit of any script, without Ctrl", () => {
  const table = keyTable({ where: "", keys: [{ action: "find", keys: [ANY_LETTER], words: "" }] });
  for (const key of ["a", "Ж", "7", "é"]) expect(actionOf(table, pressed(key, ""))).toBe("find");
  for (const key of [",", " ", "Enter", "Tab"]) expect(actionOf(table, pressed(key, ""))).toBeNull();
  expect(actionOf(table, pressed("a", "KeyA", { ctrlKey: true }))).toBeNull();
});

test("the sheet writes keys as they stand on the keyboard, and what does the same once", () => {
  const other = keyTable({
    where: "On a tile",
    keys: [
      { action: "up", keys: ["arrowup", " "], words: "Away" },
      { action: "all", keys: ["a"], ctrl: "needed", words: "All" },
    ],
  });
  expect(keySheetOf([other, { ...other, where: "Elsewhere", keys: [] }])).toEqual([
    {
      where: "On a tile",
      lines: [
        { caps: ["↑", "Space"], words: "Away" },
        { caps: ["Ctrl + A"], words: "All" },
      ],
    },
    { where: "Elsewhere", lines: [] },
  ]);
});
