import { writeFragmentHeader } from "#media/fragment-writer.ts";
import { PieceList } from "#media/media-layout.ts";
import type { VirtualFile } from "#media/progressive-writer.ts";
import type { ConsolidatedVideo } from "./consolidated-videos.ts";
import type { MediaSegment } from "./hls-timeline.ts";

/**
 * One media segment of the stream, as its first bytes and where the rest is copied from.
 * @param sequenceNumber counts the media segments from 1
 */
export function mediaSegmentFile(
  { track, literals, hls }: ConsolidatedVideo,
  mediaSegment: MediaSegment,
  sequenceNumber: number,
): VirtualFile {
  const list = new PieceList(literals);
  const samples = hls
    .fragmentSamples(mediaSegment)
    .map((sample) => ({ ...sample, sizeBytes: list.add(sample) }));
  const { baseDecodeTicks } = mediaSegment;
  const header = writeFragmentHeader(sequenceNumber, { trackId: track.trackId, baseDecodeTicks, samples });
  return { header, pieces: list.pieces, literals, lengthBytes: header.length + list.lengthBytes };
}
