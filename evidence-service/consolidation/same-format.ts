/** Which files can stand in one track of picture. */
import { commonPicture } from "#media/common-picture.ts";
import { MediaError } from "#media/media-error.ts";
import type { Track } from "#media/track.ts";
import type { SegmentTrack } from "./segment-track.ts";

/** @returns the segments by format, in the order in which the formats begin */
export function sameFormatGroups(segments: readonly SegmentTrack[]): SegmentTrack[][] {
  const groups: SegmentTrack[][] = [];
  for (const segment of segments) {
    const group = groups.find(([first]) => first !== undefined && canFollow(first, segment));
    if (group === undefined) groups.push([segment]);
    else group.push(segment);
  }
  return groups;
}

function canFollow(first: SegmentTrack, other: SegmentTrack): boolean {
  if (first.source === other.source) return true;
  if (!isTurnedAlike(first.track, other.track)) return false;
  try {
    return commonPicture(first, [other]).kind === "common";
  } catch (error) {
    if (error instanceof MediaError) return false; // What it says of its picture is damaged.
    throw error;
  }
}

export function isTurnedAlike(a: Track, b: Track): boolean {
  if (a.matrix === undefined || b.matrix === undefined) return a.matrix === b.matrix;
  return a.matrix.equals(b.matrix);
}

/** What of a file's picture is another than most of the evidence. Follows the file's name. */
export function formatWords(file: Track | undefined, most: Track | undefined): string {
  const [is, others] = [codecName(file?.codec), codecName(most?.codec)];
  if (is !== others) return `is ${is} and most of the evidence ${others}`;
  if (file !== undefined && most !== undefined && !isTurnedAlike(file, most))
    return "has its picture turned in another way than most of the evidence";
  return "describes its picture in another way than most of the evidence";
}

function codecName(codec = ""): string {
  const [type = ""] = codec.split(".");
  if (type === "avc1" || type === "avc3") return "H.264";
  if (type === "hvc1" || type === "hev1") return "H.265";
  return codec === "" ? "of an unknown codec" : codec;
}
