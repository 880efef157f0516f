import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { fileNameOf, hiddenCharacterIssue, bidiIsolated, isPlainName, visibleName } from "./names.ts";

describe("a name", () => {
  test.each([
    ["a tab", "a\tb"],
    ["a line break", "a\nb"],
    ["the end of a text", "a\u0000"],
    ["a control of the second block", "a\u0085b"],
    ["an override that turns a sentence round", "Gate \u202Egnp.evila"],
    ["an embedding", "\u202BGate\u202C"],
    ["an isolate", "\u2067Gate\u2069"],
    ["a mark of direction", "Gate\u200F"],
    ["a blank without width", "Ga\u200Bte"],
    ["a word joiner", "Ga\u2060te"],
    ["a byte order mark", "\uFEFFGate"],
    ["a soft hyphen", "Ga\u00ADte"],
    ["a line separator", "Gate\u2028"],
    ["a paragraph separator", "Gate\u2029"],
    ["a joiner between letters that need none", "Ga\u200Dte"],
    ["a non-joiner between letters that need none", "Ga\u200Cte"],
    ["half a surrogate pair", "Gate\uD83D"],
    ["a tag", "Gate\u{E0041}"],
    ["a filler that looks like nothing", "\u3164"],
    ["a selector that selects nothing", "Gate\uFE0F"],
  ])("with %s is refused, and shown with it visible", (_words, name) => {
    expect(isPlainName(name)).toBe(false);
    expect(hiddenCharacterIssue("The name", name)).toMatch(
      /^The name must not hold .*\(U\+[0-9A-F]{4,6}\)\. /,
    );
    expect(visibleName(name)).toContain("\uFFFD");
    expect(isPlainName(visibleName(name))).toBe(true);
  });

  test.each([
    ["Latin", "Réception – côté nord (2)"],
    ["Hebrew", "שער צפון 3"],
    ["Arabic", "البوابة الشمالية"],
    ["Persian with its non-joiner", "می\u200Cخواهم"],
    ["Hindi with a joiner", "क्\u200Dष"],
    ["Japanese", "東口 カメラ1"],
    ["a Han variant", "葛\u{E0100}城"],
    ["a family in one sign", "👨\u200D👩\u200D👧 corner"],
    ["a sign with a skin tone", "👩🏽\u200D🚒"],
    ["a coloured heart", "❤\uFE0F"],
    ["a flag of two signs", "🏳\uFE0F\u200D🌈"],
    ["a key with a number", "2\uFE0F\u20E3"],
    ["blanks of other kinds", "Gate\u00A01\u20092"],
    ["256 signs of two halves", "🎥".repeat(256)],
  ])("in %s is taken as it is", (_words, name) => {
    expect(hiddenCharacterIssue("The name", name)).toBeNull();
    expect(visibleName(name)).toBe(name);
  });

  it("that is shown is always one that may be entered", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => isPlainName(visibleName(text))));
  });

  it("of several lines may break them, and nothing else", () => {
    expect(hiddenCharacterIssue("The description", "one\n\ttwo", { mayBreak: true })).toBeNull();
    expect(hiddenCharacterIssue("The description", "one\u202E", { mayBreak: true })).toContain("U+202E");
  });

  it("keeps its direction to itself within a sentence, where it has one of its own", () => {
    expect(bidiIsolated("Gate 3")).toBe("Gate 3");
    expect(bidiIsolated("שער 3")).toBe("\u2068שער 3\u2069");
    expect(bidiIsolated("Gate \u202Egnp.evila")).toBe("Gate \uFFFDgnp.evila");
  });

  it("becomes a file's name that every system takes", () => {
    expect(fileNameOf('Gate: "north"/2?', "evidence")).toBe("Gate- -north-2-");
    expect(fileNameOf("..", "evidence")).toBe("evidence");
    expect(fileNameOf("Gate \u202Egnp.evila", "evidence")).toBe("Gate \uFFFDgnp.evila");
    expect([...fileNameOf("🎥".repeat(400), "evidence")]).toHaveLength(150);
  });
});
