import { expect, test } from "vitest";
import { parseByteRange } from "./byte-range.ts";

test.each([
  [undefined, "whole"],
  ["bytes=0-", { start: 0, end: 100 }],
  ["bytes=10-19", { start: 10, end: 20 }],
  ["bytes=90-900", { start: 90, end: 100 }],
  ["bytes=-10", { start: 90, end: 100 }],
  ["bytes=-1000", { start: 0, end: 100 }],
  ["bytes=100-", "unsatisfiable"],
  ["Bytes=10-19", { start: 10, end: 20 }],
  ["BYTES=-10", { start: 90, end: 100 }],
  ["bytes= 10-19", { start: 10, end: 20 }],
  ["bytes=-0", "unsatisfiable"],
  ["bytes=5-4", "whole"],
  ["bytes=-", "whole"],
  ["bytes=0-1,5-6", "whole"],
  ["lines=0-1", "whole"],
])("%s of 100 bytes means %o", (header, expected) => {
  expect(parseByteRange(header, 100)).toEqual(expected);
});
