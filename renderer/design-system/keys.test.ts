import { describe, expect, test } from "vitest";
import { actionOf, type KeyAction } from "./keys.ts";

const TABLE = [
  { action: "live", letters: ["l"], shown: "L", words: "Back to live" },
  { action: "back", letters: [","], places: ["Comma"], shown: ",", words: "A frame back" },
  { action: "forward", letters: ["."], places: ["Period"], shown: ".", words: "A frame forward" },
] as const satisfies readonly KeyAction<string>[];

const pressed = (key: string, code: string, change: object = {}) =>
  ({
    key,
    code,
    ctrlKey: false,
    altKey: false,
    metaKey: false,
    isComposing: false,
    ...change,
  }) as KeyboardEvent;

describe("a key", () => {
  test.each([
    ["as it is", pressed("l", "KeyL"), "live"],
    ["with Caps Lock or Shift", pressed("L", "KeyL"), "live"],
    ["on a layout that has the letter elsewhere", pressed("l", "KeyP"), "live"],
    ["by its place where the layout writes something else there", pressed(";", "Comma"), "back"],
    ["by its letter before its place", pressed(".", "Comma"), "forward"],
    ["that writes the sheet's, where the layout has it on another's place", pressed("?", "Comma"), null],
    ["of no action", pressed("x", "KeyX"), null],
    ["with Ctrl", pressed("l", "KeyL", { ctrlKey: true }), null],
    ["with Alt, which is a letter of its own on some layouts", pressed("l", "KeyL", { altKey: true }), null],
    ["while text is composed", pressed("l", "KeyL", { isComposing: true }), null],
  ])("%s", (_how, event, action) => {
    expect(actionOf(TABLE, event)).toBe(action);
  });
});
