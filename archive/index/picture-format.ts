import type { Track } from "#media/track.ts";
import type { SegmentSamples } from "./sample-table.ts";

/**
 * How a codec frames and names its parts. A camera that changes its resolution or profile in mid-stream
 * says so in a new sequence parameter set (SPS) at the next keyframe; the initialization segment of the
 * session still holds the old one.
 */
interface NalCodec {
  readonly typeOf: (firstByte: number) => number;
  readonly isParameterSet: (type: number) => boolean;
  readonly isPicture: (type: number) => boolean;
}

/** ITU-T H.264, table 7-1: 7 is the SPS, 1 to 5 are slices. */
const H264: NalCodec = {
  typeOf: (byte) => byte & 0x1f,
  isParameterSet: (type) => type === 7,
  isPicture: (type) => type >= 1 && type <= 5,
};

/** ITU-T H.265, table 7-1: 33 is the SPS, 0 to 31 are slices. */
const H265: NalCodec = {
  typeOf: (byte) => (byte >> 1) & 0x3f,
  isParameterSet: (type) => type === 33,
  isPicture: (type) => type <= 31,
};

/** ISO/IEC 14496-15: recorders write four bytes of length before each unit. */
const LENGTH_BYTES = 4;

/**
 * The picture's format as a keyframe itself states it.
 * @returns the SPS in hex; null where the keyframe holds none, or the codec is another
 */
export function statedFormat(track: Track, keyframe: Buffer): string | null {
  const codec = nalCodecOf(track);
  if (codec === null) return null;
  for (let at = 0; at + LENGTH_BYTES < keyframe.length;) {
    const unitBytes = keyframe.readUInt32BE(at);
    const start = at + LENGTH_BYTES;
    const type = codec.typeOf(keyframe[start] ?? 0);
    if (codec.isPicture(type)) return null;
    if (codec.isParameterSet(type)) return keyframe.subarray(start, start + unitBytes).toString("hex");
    at = start + unitBytes;
  }
  return null;
}

function nalCodecOf(track: Track): NalCodec | null {
  if (/^avc[13]/.test(track.codec)) return H264;
  return /^(hvc|hev)1/.test(track.codec) ? H265 : null;
}

/** The frames of a segment as far as they are of the session's format. */
export interface SameFormat {
  readonly frames: SegmentSamples;
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
  bytes: Buffer,
  frames: SegmentSamples,
  known: string | null,
): SameFormat {
  let format = known;
  for (const [index, { isSync, offset, sizeBytes }] of frames.samples.entries()) {
    const stated = isSync ? statedFormat(track, bytes.subarray(offset, offset + sizeBytes)) : null;
    if (stated === null) continue;
    format ??= stated;
    if (stated === format) continue;
    return { frames: { ...frames, samples: frames.samples.slice(0, index) }, format, hasChanged: true };
  }
  return { frames, format, hasChanged: false };
}
