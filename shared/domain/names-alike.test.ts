import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { onceEach, readAlike, withPlainBlanks } from "./names-alike.ts";

describe("two names", () => {
  test.each([
    ["in capitals", "LOBBY ENTRANCE"],
    ["with a blank behind", "Lobby entrance "],
    ["with a blank before", " Lobby entrance"],
    ["with two blanks inside", "Lobby  entrance"],
    ["with a blank that keeps a line together", "Lobby\u00A0entrance"],
    ["with a wide blank", "Lobby\u2003entrance"],
    ["with the blank of another script", "Lobby\u3000entrance\u3000"],
    ["in letters of full width", "Ｌobby entrance"],
  ])("read alike: %s", (_words, name) => {
    expect(readAlike(name, "Lobby entrance")).toBe(true);
  });

  test.each([
    ["a letter and its mark, as one character or two", "Re\u0301ception", "Réception"],
    ["a letter that has no capital", "Straße", "STRASSE"],
    ["the sigma at the end of a word", "ΔΡΟΜΟΣ", "δρομος"],
    ["a sign and the same in colour", "❤", "❤\uFE0F"],
    ["a ligature", "oﬃce", "Office"],
  ])("read alike: %s", (_words, one, other) => {
    expect(readAlike(one, other)).toBe(true);
  });

  test.each([
    ["another number", "Lobby 1", "Lobby 2"],
    ["a blank more within", "Lobby 1", "Lobby1"],
    ["another letter", "Lobby", "Hobby"],
    ["a mark", "Reception", "Réception"],
  ])("do not read alike: %s", (_words, one, other) => {
    expect(readAlike(one, other)).toBe(false);
  });

  it("read alike whatever becomes of their blanks and capitals", () => {
    const text = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(text, (name) => {
        expect(readAlike(name, withPlainBlanks(name))).toBe(true);
        expect(readAlike(name, `\u00A0${name.toUpperCase()} `)).toBe(true);
      }),
    );
  });
});

describe("the blanks of a name", () => {
  it("are plain ones, one at a time, and none at its ends", () => {
    expect(withPlainBlanks("\u00A0 Gate\u2003\u20033 \u202F")).toBe("Gate 3");
    expect(withPlainBlanks("Gate\t3")).toBe("Gate\t3");
  });
});

describe("names once each", () => {
  it("are the first of those that read alike", () => {
    expect(onceEach(["Theft", " theft", "night", "THEFT\u00A0", "", " "])).toEqual(["Theft", "night"]);
  });
});
