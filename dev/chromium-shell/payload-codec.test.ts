import fc from "fast-check";
import { expect, test } from "vitest";
import { createPayloadCodec } from "./payload-codec.ts";

const codec = createPayloadCodec();
const roundTrip = (value: unknown) => codec.decode(codec.encode(value));

const payload = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withTypedArray: true,
  withSparseArray: true,
});

test("gives back what structured clone gives", () => {
  fc.assert(
    fc.property(payload, (value) => {
      expect(roundTrip(value)).toEqual(structuredClone(value));
    }),
    { numRuns: 300 },
  );
});

test("keeps an invalid date invalid", () => {
  expect(roundTrip([new Date(Number.NaN)])).toEqual([new Date(Number.NaN)]);
});

test("keeps cycles", () => {
  const value: { self?: unknown } = {};
  value.self = value;
  const copy = roundTrip(value) as typeof value;
  expect(copy.self).toBe(copy);
});

test("keeps a key named __proto__ a key", () => {
  const copy = roundTrip(JSON.parse('{"__proto__":{"admin":true}}')) as Record<string, unknown>;
  expect(Object.keys(copy)).toEqual(["__proto__"]);
  expect(copy["admin"]).toBeUndefined();
});

test("turns errors and class instances into what Electron makes of them", () => {
  class Camera {
    name = "Gate";
    open(): void {}
  }
  expect(roundTrip(new RangeError("too far"))).toMatchObject({ name: "RangeError", message: "too far" });
  expect(Object.getPrototypeOf(roundTrip(new Camera()))).toBe(Object.prototype);
});

test.each([[() => 1], [Symbol("s")], [Promise.resolve()], [new WeakMap()]])("refuses %s", (value) => {
  expect(() => codec.encode({ value })).toThrow("An object could not be cloned.");
});
