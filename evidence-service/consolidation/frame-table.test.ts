import fc from "fast-check";
import { expect, test } from "vitest";
import type { PlacedSample } from "#media/progressive-writer.ts";
import { FrameTable } from "./frame-table.ts";

const frame: fc.Arbitrary<PlacedSample> = fc
  .record({
    source: fc.nat({ max: 100_000 }),
    offset: fc.nat({ max: 2 ** 40 }),
    sizeBytes: fc.nat({ max: 2 ** 32 - 1 }),
    durationTicks: fc.nat(),
    compositionOffsetTicks: fc.integer(),
    isSync: fc.boolean(),
    literal: fc.option(fc.nat({ max: 1_000 }), { nil: undefined }),
  })
  .map(({ literal, ...rest }) => (literal === undefined ? rest : { ...rest, literal }));

test("frames come out as they went in", () => {
  fc.assert(
    fc.property(fc.array(frame), (frames) => {
      const table = new FrameTable(frames);
      expect(table).toHaveLength(frames.length);
      expect(frames.map((each, index) => table.at(index, each))).toEqual(frames);
    }),
  );
});
