import { expect, test } from "vitest";
import { parseByteRange } from "./byte-range.ts";

test.each([
  ["bytes=0-9", { startByte: 0, endByte: 10 }],
  ["bytes=90-", { startByte: 90, endByte: 100 }],
  ["bytes=90-1000", { startByte: 90, endByte: 100 }],
  ["bytes=-10", { startByte: 90, endByte: 100 }],
  ["bytes=-1000", { startByte: 0, endByte: 100 }],
  ["bytes=100-", "unsatisfiable"],
  ["bytes=-0", "unsatisfiable"],
  ["bytes=5-4", null],
  ["bytes=-", null],
  ["bytes=0-1,3-4", null],
  ["items=0-1", null],
  [undefined, null],
])("of 100 bytes, %s is %o", (header, expected) => {
  expect(parseByteRange(header, 100)).toEqual(expected);
});
