import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson, type CanonicalValue } from "./canonical-json.ts";

describe("canonical JSON", () => {
  test("sorts names by UTF-16 code units, as the example of RFC 8785 (3.2.3) does", () => {
    const names = ["\u20ac", "\r", "\ufb33", "1", "\ud83d\ude00", "\u0080", "\u00f6"];
    const text = canonicalJson(Object.fromEntries(names.map((name) => [name, 1])));
    const order = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\ud83d\ude00", "\ufb33"];
    expect(text).toBe(`{${order.map((name) => `${JSON.stringify(name)}:1`).join(",")}}`);
  });

  test("escapes only what must be escaped", () => {
    expect(canonicalJson('\u20ac$\u000f\nA\'B"\\\\"/')).toBe('"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"');
  });

  test("does not depend on the order in which a value was put together, and loses nothing", () => {
    const leaf = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.maxSafeInteger(),
      fc.boolean(),
      fc.constant(null),
    );
    const value = fc.letrec<{ value: CanonicalValue }>((tie) => ({
      value: fc.oneof(
        leaf,
        fc.array(tie("value")),
        fc.dictionary(fc.string({ unit: "grapheme" }), tie("value")),
      ),
    })).value;
    fc.assert(
      fc.property(value, (given) => {
        const text = canonicalJson(given);
        expect(canonicalJson(reversed(JSON.parse(text)))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(given)));
      }),
      { numRuns: 200 },
    );
  });

  test.each([1.5, 2 ** 53, Number.NaN, "half \ud83d a character"])("refuses %s", (value) => {
    expect(() => canonicalJson({ value })).toThrow(RangeError);
  });
});

function reversed(value: CanonicalValue): CanonicalValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(reversed);
  const entries = Object.entries(value).map(([name, member]) => [name, reversed(member)] as const);
  return Object.fromEntries(entries.toReversed());
}
