import fc from "fast-check";
import { expect, test } from "vitest";
import { BLOCK_BYTES } from "../encryption/block-crcs.ts";
import { BLOCK_SIZES, BlockPlan, type PlannedBlock } from "./block-plan.ts";

const NOTHING: ReadonlySet<string> = new Set();
const [LONGEST = 0, MIDDLE = 0, LEAST = 0] = BLOCK_SIZES;

function blocksOf(fileBytes: number, most: (stretch: number) => number, present = NOTHING): PlannedBlock[] {
  const plan = new BlockPlan("key", fileBytes, present);
  return plan.stretches().flatMap((startByte, stretch) => plan.blocksOf(startByte, most(stretch)));
}

test("whatever sizes the line wants from try to try, the blocks are the file, and none that arrived is sent again", () => {
  const size = fc.constantFrom(...BLOCK_SIZES);
  const tries = fc.array(
    fc.record({ sizes: fc.array(size, { minLength: 1 }), arrives: fc.infiniteStream(fc.boolean()) }),
    {
      minLength: 1,
      maxLength: 6,
    },
  );
  const fileBytes = fc.integer({ min: 1, max: 3 * BLOCK_BYTES + 5 });
  fc.assert(
    fc.property(fileBytes, tries, (bytes, told) => {
      const present = new Map<string, PlannedBlock>();
      for (const { sizes, arrives } of told) {
        const blocks = blocksOf(
          bytes,
          (stretch) => sizes[stretch % sizes.length] ?? LONGEST,
          new Set(present.keys()),
        );
        let nextByte = 0;
        for (const { startByte, lengthBytes } of blocks) {
          expect(startByte).toBe(nextByte);
          nextByte += lengthBytes;
        }
        expect(nextByte).toBe(bytes);
        expect(blocks.filter(({ isPresent }) => isPresent)).toHaveLength(present.size);
        for (const block of blocks) {
          expect(Buffer.from(block.id, "base64")).toHaveLength(23);
          if (arrives.next().value === true) present.set(block.id, { ...block, isPresent: true });
        }
      }
    }),
  );
});

test("a block is never longer than is wanted, unless the file would have more than the service takes", () => {
  expect(blocksOf(LONGEST + 5, () => MIDDLE).map(({ lengthBytes }) => lengthBytes)).toEqual([
    ...Array.from({ length: 8 }, () => MIDDLE),
    5,
  ]);
  expect(blocksOf(MIDDLE, () => LEAST)).toHaveLength(4);
  const long = new BlockPlan("key", 50_001 * LEAST, NOTHING);
  expect(long.blocksOf(0, LEAST).map(({ lengthBytes }) => lengthBytes)).toEqual(
    Array.from({ length: 8 }, () => MIDDLE),
  );
});

test("ids are of the very ciphertext", () => {
  const [one] = new BlockPlan("key", 5, NOTHING).blocksOf(0, LONGEST);
  const [other] = new BlockPlan("other key", 5, NOTHING).blocksOf(0, LONGEST);
  expect(one?.id).not.toBe(other?.id);
});
