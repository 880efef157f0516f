import { MediaError } from "../media-error.ts";
import { allBoxes } from "./box-tree.ts";

/** No table of these small files takes longer, on any machine; counts that are believed take minutes. */
const LONGEST_MS = 10_000;

/** A changed file. */
export interface HostileFile {
  readonly change: string;
  readonly bytes: Buffer;
}

/**
 * Reads each and gives how many were refused; anything but a result or an expected refusal, and in time, fails.
 * @param isExpected of what reading throws
 */
export async function refusedOf(
  files: Iterable<HostileFile>,
  read: (bytes: Buffer) => unknown,
  isExpected: (error: unknown) => boolean = (error) => error instanceof MediaError,
): Promise<number> {
  let refused = 0;
  for (const { change, bytes } of files) {
    const begunMs = performance.now();
    try {
      await read(bytes);
    } catch (error) {
      if (!isExpected(error)) throw new Error(change, { cause: error });
      refused++;
    }
    const tookMs = performance.now() - begunMs;
    if (tookMs > LONGEST_MS) throw new Error(`${change} took ${tookMs} ms.`);
  }
  return refused;
}

/** Sizes that end too early, reach past the end, overflow, or make the box contain its own next sibling. */
function hostileSizes(sizeBytes: number): number[] {
  const near = [sizeBytes - 8, sizeBytes - 1, sizeBytes + 1, sizeBytes + 8, sizeBytes * 2];
  return [0, 1, 2, 7, 8, 9, ...near.filter((size) => size > 9), 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
}

/** Every box with every hostile size, one at a time. */
export function* withHostileSizes(bytes: Buffer): Generator<HostileFile> {
  for (const { type, start, end } of allBoxes(bytes)) {
    for (const size of hostileSizes(end - start)) {
      const copy = Buffer.from(bytes);
      copy.writeUInt32BE(size, start);
      yield { change: `'${type}' at ${start} is ${size} long`, bytes: copy };
    }
  }
}

const hostileNumbers = [0, 1, 2, 0xffff, 0x10000, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];

/** How far into a box its counts and first rows are. */
const REACH_BYTES = 48;

/** Every field of 32 bits at the start of every box that holds no other, one after the other. */
export function* withHostileNumbers(bytes: Buffer): Generator<HostileFile> {
  const boxes = allBoxes(bytes);
  const isLeaf = (start: number, end: number): boolean =>
    !boxes.some((other) => other.start > start && other.end <= end);
  for (const { type, start, body, end } of boxes) {
    if (type === "mdat" || !isLeaf(start, end)) continue;
    for (let at = body; at + 4 <= Math.min(end, body + REACH_BYTES); at += 4) {
      for (const value of hostileNumbers) {
        const copy = Buffer.from(bytes);
        copy.writeUInt32BE(value, at);
        yield { change: `'${type}' at ${start} holds ${value} at ${at - body}`, bytes: copy };
      }
    }
  }
}
