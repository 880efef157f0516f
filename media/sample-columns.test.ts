import fc from "fast-check";
import { expect, test } from "vitest";
import { SampleColumns } from "./sample-columns.ts";
import type { Sample } from "./track.ts";

const sample: fc.Arbitrary<Sample> = fc.record({
  offset: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  sizeBytes: fc.nat({ max: 2 ** 32 - 1 }),
  durationTicks: fc.nat({ max: 2 ** 32 - 1 }),
  compositionOffsetTicks: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  isSync: fc.boolean(),
});

test("samples come out as they went in, and there are no others", () => {
  fc.assert(
    fc.property(fc.array(sample), (samples) => {
      const columns = SampleColumns.of(samples);
      expect([...columns]).toEqual(samples);
      expect(columns).toHaveLength(samples.length);
      for (const index of [-samples.length - 1, -1, samples.length]) {
        expect(columns.at(index)).toEqual(samples.at(index));
      }
    }),
  );
});

test.each([{ sizeBytes: 2 ** 32 }, { durationTicks: -1 }, { compositionOffsetTicks: 2 ** 31 }])(
  "a sample with %o is refused",
  (wrong) => {
    const good = { offset: 0, sizeBytes: 1, durationTicks: 1, compositionOffsetTicks: 0, isSync: true };
    expect(() => SampleColumns.of([{ ...good, ...wrong }])).toThrow(
      expect.objectContaining({ code: "OUT_OF_RANGE" }),
    );
  },
);
