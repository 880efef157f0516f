import { PassThrough, Readable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { piecesOf } from "./pieces.ts";

/** Of bytes that are all there at once. */
function bytesInPieces(lengths: readonly number[]): PassThrough {
  const stream = new PassThrough({ highWaterMark: 1_000_000 });
  for (const length of lengths) stream.write(Buffer.alloc(length, length));
  return stream.end();
}

test("pieces stay as they came, also when several wait", async () => {
  const stream = bytesInPieces([3, 1, 4, 1, 5]);
  await turn();
  const lengths: number[] = [];
  for await (const piece of piecesOf(stream, 2)) lengths.push(piece.length);
  expect(lengths).toEqual([3, 1, 4, 1, 5]);
});

test("a reader that is slow makes the stream pause", async () => {
  let given = 0;
  const stream = new Readable({
    highWaterMark: 1,
    read() {
      given += 1;
      this.push(given > 100 ? null : Buffer.alloc(10));
    },
  });
  const pieces = piecesOf(stream, 2)[Symbol.asyncIterator]();
  await pieces.next();
  for (let turns = 0; turns < 50; turns += 1) await turn();
  expect(given).toBeLessThan(12);
});

test("the stream's failure is the reader's, after the pieces before it", async () => {
  const stream = new PassThrough();
  const lengths: number[] = [];
  const read = async () => {
    for await (const piece of piecesOf(stream, 2)) {
      lengths.push(piece.length);
      stream.destroy(new Error("reset"));
    }
  };
  stream.write(Buffer.alloc(7));
  await expect(read()).rejects.toThrow("reset");
  expect(lengths).toEqual([7]);
});

test("leaving early destroys the stream", async () => {
  const stream = new PassThrough();
  stream.write(Buffer.alloc(1));
  for await (const piece of piecesOf(stream, 1)) if (piece.length === 1) break;
  await expect.poll(() => stream.destroyed).toBe(true);
});
