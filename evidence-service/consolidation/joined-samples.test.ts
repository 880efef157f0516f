import fc from "fast-check";
import { expect, test } from "vitest";
import type { PlacedSample } from "#media/progressive-writer.ts";
import { SampleColumns } from "#media/sample-columns.ts";
import type { Sample } from "#media/track.ts";
import { JoinedSamples } from "./joined-samples.ts";

const sample: fc.Arbitrary<Sample> = fc.record({
  offset: fc.nat(),
  sizeBytes: fc.nat(),
  durationTicks: fc.nat(),
  compositionOffsetTicks: fc.integer(),
  isSync: fc.boolean(),
});
const segment = fc.record({
  samples: fc.array(sample, { maxLength: 12 }),
  from: fc.nat({ max: 14 }),
  literal: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
});
const change = fc.record({
  index: fc.nat({ max: 30 }),
  times: fc.record({ durationTicks: fc.nat(), compositionOffsetTicks: fc.integer() }),
});

/** Samples as a file's plan gets them, each batch decoded when the one before has lasted. */
async function planned(joined: JoinedSamples): Promise<(PlacedSample | undefined)[]> {
  const samples: (PlacedSample | undefined)[] = [];
  let decodeTicks = 0;
  for await (const batch of joined.batches()) {
    expect(batch.firstDecodeTicks).toBe(decodeTicks);
    for (let index = 0; index < batch.samples.length; index += 1) {
      const sample = batch.samples.at(index);
      samples.push(sample);
      decodeTicks += sample?.durationTicks ?? 0;
    }
  }
  return samples;
}

async function visited(joined: JoinedSamples): Promise<unknown[]> {
  const samples: unknown[] = [];
  let expectedDecodeTicks = 0;
  await joined.visit((index, decodeTicks, durationTicks, compositionOffsetTicks, isSync) => {
    expect([index, decodeTicks]).toEqual([samples.length, expectedDecodeTicks]);
    samples.push({ durationTicks, compositionOffsetTicks, isSync });
    expectedDecodeTicks += durationTicks;
  });
  return samples;
}

test("joined samples are those of the segments, one after the other, with the times they are given", () => {
  return fc.assert(
    fc.asyncProperty(
      fc.array(segment, { maxLength: 5 }),
      fc.array(change),
      fc.array(fc.integer({ min: -40, max: 40 })),
      async (segments, changes, asked) => {
        const joined = new JoinedSamples(7);
        const expected: PlacedSample[] = [];
        for (const [source, { samples, from, literal }] of segments.entries()) {
          joined.append({ samples: SampleColumns.of(samples), firstInSegment: from, source, literal });
          for (const each of samples.slice(from)) {
            const literalOf = each.isSync && literal !== undefined ? { literal } : {};
            expected.push({ ...each, source, ...literalOf });
          }
        }
        for (const { index, times } of changes) {
          joined.setTimes(index, times);
          const changed = expected[index];
          if (changed !== undefined) expected[index] = { ...changed, ...times };
        }
        expect(Array.from(expected, (_, index) => joined.at(index))).toEqual(expected);
        expect(await planned(joined)).toEqual(expected);
        expect(await visited(joined)).toEqual(
          expected.map(({ durationTicks, compositionOffsetTicks, isSync }) => ({
            durationTicks,
            compositionOffsetTicks,
            isSync,
          })),
        );
        expect(joined).toHaveLength(expected.length);
        expect(asked.map((index) => joined.at(index))).toEqual(asked.map((index) => expected.at(index)));
      },
    ),
  );
});
