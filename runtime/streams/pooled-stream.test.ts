import { once } from "node:events";
import { Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { BufferPool } from "./buffer-pool.ts";
import { PooledStream } from "./pooled-stream.ts";

const PIECE_BYTES = 100;
const whole = Buffer.from(Array.from({ length: 3_333 }, (_unused, index) => (index * 31) % 251));

/** A stream over the bytes: how many readers are at work, and which of the pool's buffers they filled. */
function makeStream() {
  const pool = new BufferPool(PIECE_BYTES);
  const open = { count: 0 };
  const filled = new Set<ArrayBufferLike>();
  async function* read(supply: BufferPool | undefined): AsyncGenerator<Buffer> {
    open.count++;
    try {
      for (let at = 0; at < whole.length; at += PIECE_BYTES) {
        await turn();
        const piece = whole.subarray(at, at + PIECE_BYTES);
        const into = supply?.take() ?? Buffer.alloc(PIECE_BYTES);
        into.set(piece);
        if (supply !== undefined) filled.add(into.buffer);
        yield into.subarray(0, piece.length);
      }
    } finally {
      open.count--;
    }
  }
  return { stream: new PooledStream(read, pool), open, filled };
}

/** Takes each piece only after a while: just what is copied before it says so is sure to be still there. */
function slowDestination(parts: Buffer[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, written) {
      void turn().then(() => {
        parts.push(Buffer.from(chunk));
        written();
      });
    },
  });
}

test("what is read and what is piped are the same bytes", async () => {
  expect((await buffer(makeStream().stream)).equals(whole)).toBe(true);
  const { stream, open } = makeStream();
  const parts: Buffer[] = [];
  const ended = once(stream, "close");
  await once(stream.pipe(slowDestination(parts)), "finish");
  await ended;
  expect(Buffer.concat(parts).equals(whole)).toBe(true);
  expect(open.count).toBe(0);
});

test("however much is piped, a few buffers are enough", async () => {
  const { stream, filled } = makeStream();
  await once(stream.pipe(slowDestination([])), "finish");
  expect(filled.size).toBeGreaterThan(0);
  expect(filled.size).toBeLessThanOrEqual(3);
});

test("a destination that goes away ends all reads", async () => {
  const { stream, open } = makeStream();
  const stuck = new Writable({ write: () => undefined });
  stream.pipe(stuck);
  await turn();
  stuck.destroy();
  await once(stream, "close");
  await expect.poll(() => open.count).toBe(0);
});
