import { MediaError } from "./media-error.ts";

/** Where a box lies in the buffer that holds it: header from `start`, content from `body` to `end`. */
export interface Box {
  type: string;
  start: number;
  body: number;
  end: number;
}

/** Length of the largest box header: size, type, 64-bit size. */
export const largestHeaderBytes = 16;

/**
 * Reads one box header (ISO/IEC 14496-12, 4.2) out of `header`, which begins at `start` of a container that
 * ends at `limit`. `header` may be shorter than 16 bytes only where the container ends.
 */
export function parseBoxHeader(header: Buffer, start: number, limit: number): Box {
  if (header.length < 8) throw boxTruncated("a box header", start);
  const type = header.toString("latin1", 4, 8);
  const size32 = header.readUInt32BE(0);
  if (size32 === 1) {
    if (header.length < 16) throw boxTruncated(`the header of '${type}'`, start);
    const end = start + Number(header.readBigUInt64BE(8));
    return checkedBox({ type, start, body: start + 16, end }, limit);
  }
  return checkedBox({ type, start, body: start + 8, end: size32 === 0 ? limit : start + size32 }, limit);
}

function checkedBox(box: Box, limit: number): Box {
  const { type, start } = box;
  if (box.end < box.body) throw new MediaError("BOX_INVALID", `Box '${type}' at ${start} is too small.`);
  if (box.end > limit) throw boxTruncated(`box '${type}'`, start);
  return box;
}

/** A box, or a file, with more boxes directly inside is damage: a day has a thousandth of them. */
const mostBoxes = 1 << 18;

/** @throws MediaError `OUT_OF_RANGE` where a box that has been found is one too many. @param found so far */
export function checkBoxCount(found: number): void {
  if (found > mostBoxes) throw new MediaError("OUT_OF_RANGE", `There are over ${mostBoxes} boxes in one.`);
}

/** All boxes between two places of a buffer, in order. */
export function boxesBetween(bytes: Buffer, start: number, end: number): Box[] {
  const boxes: Box[] = [];
  for (let at = start; at < end;) {
    checkBoxCount(boxes.length);
    const header = bytes.subarray(at, Math.min(at + largestHeaderBytes, end));
    const box = parseBoxHeader(header, at, end);
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

/** The boxes directly inside `box`. */
export function childrenOf(bytes: Buffer, box: Box): Box[] {
  return boxesBetween(bytes, box.body, box.end);
}

/** The first box directly inside `parent` that has this type. */
export function findChild(bytes: Buffer, parent: Box, type: string): Box | undefined {
  return childrenOf(bytes, parent).find((box) => box.type === type);
}

/** Goes down a path of types, such as `mdia`, `minf`; throws `BOX_MISSING` where it ends. */
export function requireChild(bytes: Buffer, parent: Box, ...path: string[]): Box {
  let box = parent;
  for (const type of path) {
    const child = findChild(bytes, box, type);
    if (!child) throw boxMissing(type, box.type);
    box = child;
  }
  return box;
}

export function boxMissing(type: string, parentType: string): MediaError {
  return new MediaError("BOX_MISSING", `There is no '${type}' in '${parentType}'.`);
}

export function boxTruncated(what: string, start: number): MediaError {
  return new MediaError("BOX_TRUNCATED", `There is not enough left for ${what} at ${start}.`);
}
