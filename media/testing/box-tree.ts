import { childrenOf, boxesBetween, type Box } from "../box-reader.ts";

/** Boxes that hold boxes, and how many bytes stand before the first of them. */
const holders: Readonly<Record<string, number>> = {
  ...{ moov: 0, trak: 0, mdia: 0, minf: 0, stbl: 0, edts: 0, dinf: 0, mvex: 0, moof: 0, traf: 0, udta: 0 },
  // ISO/IEC 14496-12: 8.5.2 (stsd), 8.7.2 (dref), 12.1.3 and 12.2.3 (sample entries).
  ...{ stsd: 8, dref: 8, avc1: 78, avc3: 78, hvc1: 78, hev1: 78, mp4a: 28, Opus: 28 },
};

/** Every box of a file, at any depth, in the order of the file. */
export function allBoxes(bytes: Buffer): Box[] {
  return boxesBetween(bytes, 0, bytes.length).flatMap((box) => withDescendants(bytes, box));
}

function withDescendants(bytes: Buffer, box: Box): Box[] {
  const before = holders[box.type];
  if (before === undefined) return [box];
  const children = childrenOf(bytes, { ...box, body: box.body + before });
  return [box, ...children.flatMap((child) => withDescendants(bytes, child))];
}
