import { expect, test } from "vitest";
import { applicableRange, judgeConditions } from "./conditions.ts";

const ETAG = '"abc"';

test.each([
  [{}, "go-on"],
  [{ "if-none-match": '"abc"' }, "unchanged"],
  [{ "if-none-match": "*" }, "unchanged"],
  [{ "if-none-match": ' "x", W/"abc" ,"y"' }, "unchanged"],
  [{ "if-none-match": 'W/"abc"' }, "unchanged"],
  [{ "if-none-match": '"x,"abc' }, "go-on"],
  [{ "if-none-match": '"ABC"' }, "go-on"],
  [{ "if-none-match": "abc" }, "go-on"],
  [{ "if-match": '"abc"' }, "go-on"],
  [{ "if-match": "*" }, "go-on"],
  [{ "if-match": '"x", "abc"' }, "go-on"],
  [{ "if-match": 'W/"abc"' }, "failed"],
  [{ "if-match": '"x"' }, "failed"],
  [{ "if-match": '"x"', "if-none-match": '"abc"' }, "failed"],
  [{ "if-match": '"abc"', "if-none-match": '"abc"' }, "unchanged"],
])("%j of a file with that tag means %s", (headers, expected) => {
  expect(judgeConditions(headers, ETAG)).toBe(expected);
});

test("a tag with a comma in it is one tag", () => {
  expect(judgeConditions({ "if-none-match": '"x", "a,b"' }, '"a,b"')).toBe("unchanged");
  expect(judgeConditions({ "if-none-match": '"a,b"' }, '"a"')).toBe("go-on");
});

test.each([
  [undefined, "bytes=0-1"],
  [ETAG, "bytes=0-1"],
  ['W/"abc"', undefined],
  ['"x"', undefined],
  ["Sat, 28 Nov 2026 16:00:00 GMT", undefined],
])("a range under %s is %s", (condition, expected) => {
  expect(applicableRange({ "if-range": condition, range: "bytes=0-1" }, ETAG)).toBe(expected);
});
