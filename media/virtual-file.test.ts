import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bufferSource } from "./byte-source.ts";
import { openFileSource } from "./file-source.ts";
import { readVirtualFile, wholeFile } from "./virtual-file.ts";
import type { VirtualFile } from "./progressive-writer.ts";
import { makeFolder, removeFolder } from "./testing/ffmpeg-footage.ts";
import { readRange } from "./testing/recorded-plan.ts";

const sources = [0, 1, 2].map((seed) =>
  Buffer.from(Array.from({ length: 200 }, (_, i) => (i * 7 + seed * 89) % 256)),
);

const pieces = fc.array(
  fc.record({ source: fc.nat(2), offset: fc.nat(150), lengthBytes: fc.integer({ min: 1, max: 50 }) }),
  { maxLength: 12 },
);
const files = fc.tuple(fc.uint8Array({ maxLength: 40 }), pieces).map(([header, list]): VirtualFile => {
  const lengthBytes = list.reduce((sum, piece) => sum + piece.lengthBytes, header.length);
  return { header: Buffer.from(header), pieces: list, lengthBytes };
});

function wholeOf(file: VirtualFile): Buffer {
  const bytes = file.pieces.map((piece) =>
    sources[piece.source]!.subarray(piece.offset, piece.offset + piece.lengthBytes),
  );
  return Buffer.concat([file.header, ...bytes]);
}

describe("reading a virtual file", () => {
  test("any range, in chunks of any size, is that part of the whole", async () => {
    const property = fc.asyncProperty(
      files,
      fc.nat(),
      fc.nat(),
      fc.integer({ min: 1, max: 64 }),
      async (file, a, b, chunk) => {
        const [start, end] = [a % (file.lengthBytes + 1), b % (file.lengthBytes + 1)].toSorted(
          (x, y) => x - y,
        );
        const read = await readRange(file, sources, start, end, chunk);
        expect(read.equals(wholeOf(file).subarray(start, end))).toBe(true);
      },
    );
    await fc.assert(property, { numRuns: 400 });
  });

  test("no buffer is larger than a chunk", async () => {
    const file = {
      header: Buffer.alloc(30),
      pieces: [{ source: 0, offset: 0, lengthBytes: 100 }],
      lengthBytes: 130,
    };
    const sizes: number[] = [];
    const openSource = () => Promise.resolve(bufferSource(sources[0]!));
    const range = { start: 5, end: 130 };
    for await (const part of readVirtualFile(file, range, { openSource, chunkBytes: 40 })) {
      sizes.push(part.length);
    }
    expect(sizes).toEqual([25, 40, 40, 20]);
  });

  test("a range outside the file is refused", async () => {
    const file = { header: Buffer.alloc(8), pieces: [], lengthBytes: 8 };
    for (const [start, end] of [
      [0, 9],
      [-1, 4],
      [5, 4],
      [0.5, 4],
    ] as const) {
      await expect(readRange(file, sources, start, end)).rejects.toMatchObject({ code: "OUT_OF_RANGE" });
    }
  });

  test("a source that has become shorter is a media error", async () => {
    const file = {
      header: Buffer.alloc(0),
      pieces: [{ source: 0, offset: 190, lengthBytes: 20 }],
      lengthBytes: 20,
    };
    await expect(readRange(file, sources)).rejects.toMatchObject({ code: "BOX_TRUNCATED" });
  });

  test("files are opened once a stretch, ahead of the reader, and closed, also when reading stops early", async () => {
    const folder = await makeFolder();
    const paths = [0, 1].map((index) => join(folder, `${index}`));
    await Promise.all(paths.map((path, index) => writeFile(path, sources[index]!)));
    const pieceOf = (source: number, offset: number) => ({ source, offset, lengthBytes: 10 });
    const file = {
      header: Buffer.alloc(0),
      pieces: [pieceOf(0, 0), pieceOf(0, 50), pieceOf(1, 7)],
      lengthBytes: 30,
    };
    const events: string[] = [];
    const openSource = async (index: number) => {
      const source = await openFileSource(paths[index]!);
      events.push(`open ${index}`);
      const close = () => source.close().finally(() => events.push(`close ${index}`));
      return { ...source, close };
    };
    const parts: Buffer[] = [];
    for await (const part of readVirtualFile(file, wholeFile(file), { openSource })) parts.push(part);
    expect(Buffer.concat(parts).equals(wholeOf(file))).toBe(true);
    expect(events.splice(0).toSorted()).toEqual(["close 0", "close 1", "open 0", "open 1"]);
    for await (const part of readVirtualFile(file, wholeFile(file), { openSource })) {
      expect(part.length).toBe(10);
      break;
    }
    expect(events.toSorted()).toEqual(["close 0", "close 1", "open 0", "open 1"]);
    await removeFolder(folder);
  });
});
