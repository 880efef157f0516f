import { writeInitSegment } from "#media/fragment-writer.ts";
import { MediaError } from "#media/media-error.ts";
import { ProgressiveFileBuilder, type VirtualFile } from "#media/progressive-writer.ts";
import type { Track } from "#media/track.ts";
import type { WebShownRun } from "#shared/web-api/web-api.ts";
import { hlsTimeline, type HlsTimeline } from "./hls-timeline.ts";
import { joinSegments, type JoinedTrack } from "./join-segments.ts";
import type { SegmentTrack } from "./segment-track.ts";
import { shownRuns } from "./shown-runs.ts";
import { Unreadable } from "../decryption/unreadable.ts";

/** Everything about a consolidated video that follows from the tables of its segments. */
export interface JoinedVideo {
  readonly file: VirtualFile;
  readonly track: Track;
  /** Parameter sets that frames name as theirs. */
  readonly literals: readonly Buffer[];
  readonly hls: HlsTimeline;
  readonly initSegment: Buffer;
  /** Of all frames, also those that are hidden. */
  readonly storedFrames: number;
  /** Of those that are shown. */
  readonly frameCount: number;
  readonly runs: readonly WebShownRun[];
  readonly durationS: number;
}

/**
 * @param segments in the order of their start
 * @param createdUtcMs written into the file as its time of creation
 * @param signal aborts when nobody waits for it any more
 * @throws Unreadable
 */
export async function joinVideo(
  segments: readonly SegmentTrack[],
  createdUtcMs: number,
  signal?: AbortSignal,
): Promise<JoinedVideo> {
  try {
    return await videoOf(await joinSegments(segments, signal), createdUtcMs);
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    const why = "The files cannot be shown as one video: their times do not fit each other";
    throw new Unreadable(error.code, `${why}; each can be downloaded.`, { cause: error });
  }
}

async function videoOf(joined: JoinedTrack, createdUtcMs: number): Promise<JoinedVideo> {
  const { samples, edits, track, literals } = joined;
  const shownTicks = edits.reduce((sum, edit) => sum + edit.durationTicks, 0);
  return {
    file: await fileOf(joined, createdUtcMs),
    ...{ track, literals, storedFrames: samples.length },
    hls: await hlsTimeline(joined),
    initSegment: writeInitSegment([track]),
    durationS: shownTicks / track.timescale,
    ...(await shownRuns(joined)),
  };
}

async function fileOf(
  { track, samples, edits, literals }: JoinedTrack,
  createdUtcMs: number,
): Promise<VirtualFile> {
  const builder = new ProgressiveFileBuilder({ literals });
  const index = builder.addTrack(track);
  for await (const batch of samples.batches()) builder.add([{ index, batch }]);
  return builder.finish([edits], { createdUtcMs });
}
