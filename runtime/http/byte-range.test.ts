import { expect, test } from "vitest";
import { parseByteRange } from "./byte-range.ts";

const bytes = (startByte: number, endByte: number) => ({ startByte, endByte });

test.each([
  [undefined, null],
  ["bytes=0-", bytes(0, 100)],
  ["bytes=0-9", bytes(0, 10)],
  ["bytes=10-19", bytes(10, 20)],
  ["bytes=90-", bytes(90, 100)],
  ["bytes=90-1000", bytes(90, 100)],
  ["bytes=90-9007199254740993", bytes(90, 100)],
  ["bytes=-10", bytes(90, 100)],
  ["bytes=-1000", bytes(0, 100)],
  ["Bytes=10-19", bytes(10, 20)],
  ["BYTES=-10", bytes(90, 100)],
  ["bytes= 10-19", bytes(10, 20)],
  ["bytes=100-", "unsatisfiable"],
  ["bytes=-0", "unsatisfiable"],
  ["bytes=5-4", null],
  ["bytes=-", null],
  ["bytes=0-1,5-6", null],
  ["lines=0-1", null],
  ["items=0-1", null],
  [`bytes=${"9".repeat(400)}-`, "unsatisfiable"],
])("of 100 bytes, %s is %o", (header, expected) => {
  expect(parseByteRange(header, 100)).toEqual(expected);
});

test.each(["bytes=0-", "bytes=0-9", "bytes=-10"])(
  "of no bytes, %s is no range that could be given",
  (header) => {
    expect(parseByteRange(header, 0)).toBe("unsatisfiable");
  },
);
