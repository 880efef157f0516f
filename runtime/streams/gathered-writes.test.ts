import { randomBytes } from "node:crypto";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { BufferPool } from "./buffer-pool.ts";
import { GatheredWrites } from "./gathered-writes.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gathered-writes-"));
});

afterAll(() => rm(folder, { recursive: true }));

test("whatever the pieces, the file is what was appended", async () => {
  const pool = new BufferPool(64);
  const path = join(folder, "file");
  const lengths = fc.array(fc.nat({ max: 200 }), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(lengths, async (sizes) => {
      const pieces = sizes.map((size) => randomBytes(size));
      const writes = new GatheredWrites(await open(path, "w"), pool);
      const piece = Buffer.alloc(200);
      for (const bytes of pieces) {
        bytes.copy(piece);
        await writes.append(piece.subarray(0, bytes.length));
      }
      await writes.sync();
      await writes.close();
      expect((await readFile(path)).equals(Buffer.concat(pieces))).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test("a write that fails is told to whoever goes on", async () => {
  const path = join(folder, "read-only");
  await (await open(path, "w")).close();
  const writes = new GatheredWrites(await open(path, "r"), new BufferPool(16));
  await writes.append(Buffer.alloc(16));
  await expect(writes.sync()).rejects.toThrow("EBADF");
  await writes.close();
});

describe("while more comes", () => {
  const MOST_UNSYNCED_BYTES = 4_000_000;

  async function appendInPieces(writes: GatheredWrites, lengthBytes: number): Promise<void> {
    const piece = Buffer.alloc(100_000);
    for (let done = 0; done < lengthBytes; done += piece.length) await writes.append(piece);
  }

  test("what is written goes on to the disk", async () => {
    const file = await open(join(folder, "ahead"), "w");
    const datasync = vi.spyOn(file, "datasync");
    const writes = new GatheredWrites(file, new BufferPool(128 * 1024));
    await appendInPieces(writes, MOST_UNSYNCED_BYTES);
    expect(datasync).toHaveBeenCalled();
    await writes.sync();
    await writes.close();
  });

  test("what the disk refused is told, although a later sync of the file succeeds", async () => {
    const file = await open(join(folder, "refused"), "w");
    vi.spyOn(file, "datasync").mockRejectedValue(new Error("EIO"));
    const writes = new GatheredWrites(file, new BufferPool(128 * 1024));
    await appendInPieces(writes, MOST_UNSYNCED_BYTES);
    await expect(writes.sync()).rejects.toThrow("EIO");
    await writes.close();
  });

  test("a disk that does not keep up is asked once at a time", async () => {
    const file = await open(join(folder, "slow"), "w");
    const { promise: synced, resolve: finish } = Promise.withResolvers<void>();
    const datasync = vi.spyOn(file, "datasync").mockReturnValue(synced);
    const writes = new GatheredWrites(file, new BufferPool(128 * 1024));
    await appendInPieces(writes, 5 * MOST_UNSYNCED_BYTES);
    expect(datasync).toHaveBeenCalledTimes(1);
    finish();
    await writes.sync();
    await writes.close();
  });
});
