import { expect, test } from "vitest";
import { searchQueryOf, searchTextOf } from "./search-words.ts";

test("a text is kept as its words, and numbers are found without the zeros in front of them", () => {
  expect(searchTextOf("North Entrance", "K-2026/00417", "north")).toBe("north entrance k 2026 00417 417");
  expect(searchTextOf("\uFF23amera①", "")).toBe("camera1");
});

test("in scripts without spaces each sign is a word", () => {
  expect(searchTextOf("東京駅 north")).toBe("東 京 駅 north");
  expect(searchQueryOf("京駅")).toBe('"京"* AND "駅"*');
});

test("what is typed is never an operator of the query language", () => {
  expect(searchQueryOf('north" OR NEAR(x) -y *')).toBe('"north"* AND "or"* AND "near"* AND "x"* AND "y"*');
  expect(searchQueryOf(" %_\\ ")).toBeNull();
  expect(searchQueryOf("a ".repeat(100) + "b c d e f g h i j k l m n")?.split(" AND ")).toHaveLength(12);
});
