import { boxesBetween } from "./box-reader.ts";
import { box, u32 } from "./box-writer.ts";
import { entryFixedBytes } from "./codec-string.ts";
import { MediaError } from "./media-error.ts";
import type { Track } from "./track.ts";

/** Where a VisualSampleEntry has the coded width, which the height follows (ISO/IEC 14496-12, 12.1.3.2). */
const CODED_SIZE_AT = 32;

/**
 * The track as it is to be watched in another shape: by its pixels' (`pasp`, 12.1.4) and by the size that it is shown in.
 * The coded pictures stay as they are. What no box can be added to is given back as it is.
 */
export function withPictureRatio(track: Track, ratio: { width: number; height: number }): Track {
  const fixed = track.sampleEntry.subarray(0, entryFixedBytes.vide);
  const [codedWidth, codedHeight] = [
    fixed.readUInt16BE(CODED_SIZE_AT),
    fixed.readUInt16BE(CODED_SIZE_AT + 2),
  ];
  const kept = boxesWithoutRatio(track.sampleEntry);
  if (kept === null || codedWidth === 0 || codedHeight === 0) return track;
  const [across, down] = reduced(ratio.width * codedHeight, ratio.height * codedWidth);
  const content = Buffer.concat([fixed.subarray(4), ...kept, box("pasp", u32(across, down))]);
  const sampleEntry = Buffer.concat([u32(content.length + 4), content]);
  const width = Math.max(1, Math.round((codedWidth * across) / down));
  return { ...track, width, height: codedHeight, sampleEntry };
}

function boxesWithoutRatio(entry: Buffer): Buffer[] | null {
  try {
    return boxesBetween(entry, entryFixedBytes.vide, entry.length)
      .filter((one) => one.type !== "pasp")
      .map((one) => entry.subarray(one.start, one.end));
  } catch (error) {
    if (error instanceof MediaError) return null;
    throw error;
  }
}

function reduced(a: number, b: number): [number, number] {
  let [greater, rest] = [a, b];
  while (rest !== 0) [greater, rest] = [rest, greater % rest];
  return [a / greater, b / greater];
}
