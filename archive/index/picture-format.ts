import { statedFormat } from "#media/stated-format.ts";
import type { Track } from "#media/track.ts";
import type { TrackSamples } from "./sample-table.ts";

/** ISO/IEC 14496-15: recorders write four bytes of length before each unit. */
const LENGTH_BYTES = 4;

/** The frames of a footage file, and the file's bytes in which they lie. */
export interface RecordedFrames {
  readonly frames: TrackSamples;
  readonly bytes: Buffer;
}

/** The frames of a footage file as far as they are of the session's format. */
export interface SameFormat {
  readonly frames: TrackSamples;
  /** The session's format: the given one, or the first that a keyframe stated. */
  readonly format: string | null;
  readonly hasChanged: boolean;
}

/**
 * Leaves out the frames from the first keyframe on that states another format than the session's: they
 * cannot be decoded with its initialization segment.
 * @param known the session's format, null before a keyframe has stated one
 */
export function keepFormat(
  track: Track,
  { frames, bytes }: RecordedFrames,
  known: string | null,
): SameFormat {
  let format = known;
  for (const [index, { isSync, offset, sizeBytes }] of frames.samples.entries()) {
    const stated = isSync
      ? statedFormat(track, bytes.subarray(offset, offset + sizeBytes), LENGTH_BYTES)
      : null;
    if (stated === null) continue;
    format ??= stated;
    if (stated === format) continue;
    return { frames: { ...frames, samples: frames.samples.slice(0, index) }, format, hasChanged: true };
  }
  return { frames, format, hasChanged: false };
}
