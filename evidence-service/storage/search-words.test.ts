import { expect, test } from "vitest";
import { searchTermsOf, searchTextOf, wordsOfSight } from "./search-words.ts";

test("a text is kept as its words, and numbers are found without the zeros in front of them", () => {
  expect(searchTextOf("North Entrance", "K-2026/00417", "north")).toBe("north entrance k 2026 00417 417");
  expect(searchTextOf("\uFF23amera①", "")).toBe("camera1");
});

test("in scripts without spaces each sign is a word", () => {
  expect(searchTextOf("東京駅 north")).toBe("東 京 駅 north");
  expect(searchTermsOf("京駅")?.beginnings).toEqual(["京", "駅"]);
});

test("what is typed is never an operator of the query language", () => {
  expect(searchTermsOf('north" OR NEAR(x) -y *')?.beginnings).toEqual(["north", "or", "near", "x", "y"]);
  expect(searchTermsOf(" %_\\ ")).toBeNull();
  expect(searchTermsOf("a ".repeat(100) + "b c d e f g h i j k l m n")?.beginnings).toHaveLength(12);
});

test("accents of Latin letters count for nothing, signs of other scripts stay what they are", () => {
  expect(searchTextOf("Zürich Łódź Ångström")).toBe("zurich łodz angstrom");
  expect(searchTextOf("й हिन्दी")).toBe("й हिन्दी");
  expect(searchTermsOf("zu\u0308r")?.beginnings).toEqual(["zur"]);
});

test("what a list is narrowed to are words that nobody can type", () => {
  expect(searchTermsOf("a", { caseId: "1-2" })?.exact).toEqual(["\ue00012"]);
  expect(wordsOfSight([7, 12], "x-y")).toEqual(["\ue0027", "\ue00212", "\ue001xy"]);
  expect(searchTermsOf("a", { unassigned: true })?.exact).toEqual(["\ue000none"]);
  expect(searchTextOf("\ue000none")).toBe("none");
});
