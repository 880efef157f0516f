import { once } from "node:events";
import { Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { BufferPool } from "#media/buffer-pool.ts";
import { bufferSource } from "#media/byte-source.ts";
import { readVirtualFile } from "#media/virtual-file.ts";
import { ExportStream } from "./export-stream.ts";

const CHUNK_BYTES = 100;
const media = Buffer.from(Array.from({ length: 5_000 }, (_unused, index) => (index * 31) % 251));
const header = Buffer.from("the tables");
const pieces = [
  { source: 0, offset: 40, lengthBytes: 3_333 },
  { source: 0, offset: 17, lengthBytes: 60 },
];
const whole = Buffer.concat([header, media.subarray(40, 3_373), media.subarray(17, 77)]);
const file = { header, pieces, lengthBytes: whole.length };

/** A stream over the file, whose sources fill the pool's buffers, and how many sources are open. */
function makeStream() {
  const pool = new BufferPool(CHUNK_BYTES);
  const open = { count: 0 };
  const source = async () => {
    open.count++;
    const close = async () => void open.count--;
    const read = async (offset: number, lengthBytes: number, into?: Buffer) => {
      const bytes = await bufferSource(media).read(offset, lengthBytes);
      into?.set(bytes);
      return into?.subarray(0, lengthBytes) ?? bytes;
    };
    return { lengthBytes: media.length, read, close };
  };
  const stream = new ExportStream(
    (taken) => readVirtualFile(file, 0, file.lengthBytes, source, CHUNK_BYTES, taken),
    pool,
  );
  return { stream, open, pool };
}

test("what is read and what is piped are the same bytes", async () => {
  expect((await buffer(makeStream().stream)).equals(whole)).toBe(true);
  const { stream, open } = makeStream();
  const parts: Buffer[] = [];
  const slow = new Writable({
    write(chunk: Buffer, _encoding, written) {
      // A slow destination: only what is copied before it says so is sure to be still there.
      void turn().then(() => {
        parts.push(Buffer.from(chunk));
        written();
      });
    },
  });
  const ended = once(stream, "close");
  await once(stream.pipe(slow), "finish");
  await ended;
  expect(Buffer.concat(parts).equals(whole)).toBe(true);
  expect(open.count).toBe(0);
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
