import { describe, expect, test } from "vitest";
import { LineWidth } from "./line-width.ts";

const BLOCK_BYTES = 8 * 1024 * 1024;
const MIDDLE_BYTES = 1024 * 1024;
const LEAST_BYTES = 256 * 1024;
const signal = new AbortController().signal;

/** Sends blocks one after the other, of which each takes as long as it does alone on a line of so many bytes a second. */
async function sendOver(
  line: Line,
  count: number,
  lengthBytes: number,
  bytesPerSecond: number,
): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) {
    await line.width.carry(lengthBytes, signal, async () => {
      line.nowMs += (lengthBytes * 1000) / bytesPerSecond;
      await Promise.resolve();
    });
  }
}

class Line {
  nowMs = 0;
  readonly width = new LineWidth([BLOCK_BYTES, MIDDLE_BYTES, LEAST_BYTES], { now: () => this.nowMs });
}

describe("how many blocks share a line, and how long they are,", () => {
  test.each([
    { line: "100 Mbit/s", bytesPerSecond: 12_500_000, blocks: 32, bytes: BLOCK_BYTES },
    { line: "10 Mbit/s", bytesPerSecond: 1_250_000, blocks: 4, bytes: BLOCK_BYTES },
    { line: "4 Mbit/s", bytesPerSecond: 500_000, blocks: 14, bytes: MIDDLE_BYTES },
    { line: "1 Mbit/s", bytesPerSecond: 125_000, blocks: 3, bytes: MIDDLE_BYTES },
    { line: "0.2 Mbit/s", bytesPerSecond: 25_000, blocks: 2, bytes: LEAST_BYTES },
  ])("is what $line carries in half a minute", async ({ bytesPerSecond, blocks, bytes }) => {
    const line = new Line();
    await sendOver(line, 3, BLOCK_BYTES, bytesPerSecond);
    expect([line.width.blocks, line.width.blockBytes]).toEqual([blocks, bytes]);
    expect((blocks * bytes) / bytesPerSecond).toBeLessThan(30);
  });

  test("follows a line that changes", async () => {
    const line = new Line();
    await sendOver(line, 3, BLOCK_BYTES, 12_500_000);
    await sendOver(line, 20, BLOCK_BYTES, 125_000);
    expect([line.width.blocks, line.width.blockBytes]).toEqual([3, MIDDLE_BYTES]);
    await sendOver(line, 5, BLOCK_BYTES, 12_500_000);
    expect(line.width.blocks).toBe(32);
  });

  test("is halved where one stood still while others arrived, and never to none", async () => {
    const line = new Line();
    await sendOver(line, 3, BLOCK_BYTES, 2_500_000);
    const seen = [0, 1, 2, 3, 4, 5, 6, 7].map(() => {
      line.width.stalled();
      return [line.width.blocks, line.width.blockBytes];
    });
    const middle = [4, 2].map((blocks) => [blocks, MIDDLE_BYTES]);
    const least = [4, 2, 2].map((blocks) => [blocks, LEAST_BYTES]);
    expect(seen).toEqual([[4, BLOCK_BYTES], [2, BLOCK_BYTES], [8, MIDDLE_BYTES], ...middle, ...least]);
  });

  test("is the least where nothing arrives at all, and grows with the first that does", async () => {
    const line = new Line();
    line.width.stalled();
    expect([line.width.blocks, line.width.blockBytes]).toEqual([2, LEAST_BYTES]);
    await sendOver(line, 1, LEAST_BYTES, 100_000);
    expect(line.width.blockBytes).toBe(MIDDLE_BYTES);
    await sendOver(line, 20, MIDDLE_BYTES, 12_500_000);
    expect([line.width.blocks, line.width.blockBytes]).toEqual([32, BLOCK_BYTES]);
    line.nowMs += 60_000;
    line.width.stalled();
    expect([line.width.blocks, line.width.blockBytes]).toEqual([2, LEAST_BYTES]);
  });

  test("is not made less by small blocks, which take as long as their answer", async () => {
    const line = new Line();
    await sendOver(line, 20, 2_000, 20_000);
    expect(line.width.blocks).toBe(8);
    await sendOver(line, 1, 500_000, 12_500_000);
    expect(line.width.blocks).toBe(32);
  });

  test("holds for all that send, and lets a waiting one go that gives up", async () => {
    const { width } = new Line();
    width.stalled();
    const [held, begun] = [Promise.withResolvers<void>(), new Set<number>()];
    const hasty = new AbortController();
    const sending = [0, 1, 2].map((index) =>
      width.carry(BLOCK_BYTES, index === 2 ? hasty.signal : signal, async () => {
        begun.add(index);
        await held.promise;
      }),
    );
    hasty.abort(new Error("given up"));
    await expect(sending[2]).rejects.toThrow("given up");
    expect([...begun]).toEqual([0, 1]);
    held.resolve();
    await Promise.all(sending.slice(0, 2));
  });
});
