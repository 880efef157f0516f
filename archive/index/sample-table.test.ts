import fc from "fast-check";
import { expect, test } from "vitest";
import { packSamples, unpackSamples, withFirstDecodeTicks } from "./sample-table.ts";

const sample = fc.record({
  offset: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  sizeBytes: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  durationTicks: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  compositionOffsetTicks: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  isSync: fc.boolean(),
});
const footageFile = fc.record({ firstDecodeTicks: fc.maxSafeNat(), samples: fc.array(sample) });

test("frames come out of the index as they went in", () => {
  fc.assert(
    fc.property(footageFile, (frames) => {
      expect(unpackSamples(packSamples(frames))).toEqual(frames);
    }),
  );
});

test("a copy at another decode time differs in nothing else", () => {
  fc.assert(
    fc.property(footageFile, fc.maxSafeNat(), (frames, firstDecodeTicks) => {
      const moved = withFirstDecodeTicks(packSamples(frames), firstDecodeTicks);
      expect(unpackSamples(moved)).toEqual({ ...frames, firstDecodeTicks });
    }),
  );
});
