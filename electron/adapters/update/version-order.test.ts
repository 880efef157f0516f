import fc from "fast-check";
import { expect, test } from "vitest";
import { compareVersions, isVersion } from "./version-order.ts";

const number = fc.nat({ max: 999_999_999 });
const version = fc.tuple(number, number, number).map((parts) => parts.join("."));

test("versions are ordered by their numbers, first to last, and not as words", () => {
  const sorted = ["0.1.0", "0.2.0", "0.10.0", "1.0.0", "1.0.9", "1.0.10", "10.0.0"];
  expect(sorted.toReversed().toSorted(compareVersions)).toEqual(sorted);
  fc.assert(
    fc.property(version, version, (a, b) => {
      expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
      expect(compareVersions(a, b) === 0).toBe(a === b);
    }),
  );
});

test.each([
  "",
  "1",
  "1.2",
  "1.2.3.4",
  "v1.2.3",
  "1.2.3-beta",
  "01.2.3",
  "1.2.3 ",
  "1.2.-3",
  "1.2.9999999999",
])("%j is no version", (text) => {
  expect(isVersion(text)).toBe(false);
  expect(() => compareVersions(text, "1.0.0")).toThrow("no version");
});
