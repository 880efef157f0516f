import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { BLOCK_BYTES, BlockCrcs } from "./block-crcs.ts";

const FILE = randomBytes(2 * BLOCK_BYTES + 5);
const WANTED = [0, 1, 2].map((block) => crc32(FILE.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES)));

test.each([FILE.length, BLOCK_BYTES, 3_000_001, 131_072])(
  "each block has its own, written in pieces of %i bytes",
  (pieceBytes) => {
    const crcs = new BlockCrcs();
    for (let at = 0; at < FILE.length; at += pieceBytes) crcs.append(FILE.subarray(at, at + pieceBytes));
    expect(crcs.all()).toEqual(WANTED);
  },
);

test("a file without a byte has none", () => {
  const crcs = new BlockCrcs();
  crcs.append(Buffer.alloc(0));
  expect(crcs.all()).toEqual([]);
});
