import type { Track } from "./track.ts";

/**
 * How a codec frames and names its parts. A camera that changes its resolution or profile in mid-stream says so in a
 * new sequence parameter set (SPS) at the next key frame, whatever the sample entry says.
 */
interface NalCodec {
  readonly typeOf: (firstByte: number) => number;
  readonly isParameterSet: (type: number) => boolean;
  readonly isPicture: (type: number) => boolean;
  /** Whether a unit that begins with these bytes is of the codec; cameras do not use all that it could have. */
  readonly isUnit: (first: number, second: number) => boolean;
}

/** ITU-T H.264, table 7-1: 7 is the SPS, 1 to 5 are slices. */
const H264: NalCodec = {
  typeOf: (byte) => byte & 0x1f,
  isParameterSet: (type) => type === 7,
  isPicture: (type) => type >= 1 && type <= 5,
  // Data partitions (2 to 4) are of a profile that no camera has; the others are reserved or of packets alone.
  isUnit: (first) => [1, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 19, 20, 21].includes(first & 0x1f),
};

/** ITU-T H.265, table 7-1: 33 is the SPS, 0 to 31 are slices. */
const H265: NalCodec = {
  typeOf: (byte) => (byte >> 1) & 0x3f,
  isParameterSet: (type) => type === 33,
  isPicture: (type) => type <= 31,
  // Of layer 0, as cameras have no other, and with a temporal id, which is never 0 (ITU-T H.265, 7.3.1.2).
  isUnit: (first, second) => (first & 0x81) === 0 && second > 0 && second < 8,
};

/**
 * The picture's format as a key frame itself states it.
 * @param keyFrame its first bytes at least. @param lengthBytes of the field in front of each unit, 1 to 4
 * @returns the SPS in hex; null where the key frame holds none, or the codec is another
 */
export function statedFormat(track: Track, keyFrame: Buffer, lengthBytes: number): string | null {
  const codec = nalCodecOf(track);
  if (codec === null) return null;
  for (let at = 0; at + lengthBytes < keyFrame.length;) {
    const start = at + lengthBytes;
    const end = start + keyFrame.readUIntBE(at, lengthBytes);
    const type = codec.typeOf(keyFrame.readUInt8(start));
    if (codec.isPicture(type)) return null;
    if (codec.isParameterSet(type)) return keyFrame.subarray(start, end).toString("hex");
    at = end;
  }
  return null;
}

/**
 * Whether a sample can be of its track's codec: false where it holds what the codec has not, and no picture of it. So look
 * the frames of a camera that was set to another codec, and that ffmpeg takes for what it was told at first.
 */
export function canBeOf(track: Track, sample: Buffer, lengthBytes: number): boolean {
  const codec = nalCodecOf(track);
  if (codec === null) return true;
  let isDoubtful = false;
  for (let at = 0; at + lengthBytes + 1 < sample.length;) {
    const start = at + lengthBytes;
    const [first, second] = [sample.readUInt8(start), sample.readUInt8(start + 1)];
    const isUnit = codec.isUnit(first, second);
    if (isUnit && codec.isPicture(codec.typeOf(first))) return true;
    isDoubtful ||= !isUnit;
    at = start + sample.readUIntBE(at, lengthBytes);
  }
  return !isDoubtful;
}

function nalCodecOf(track: Track): NalCodec | null {
  if (/^avc[13]/.test(track.codec)) return H264;
  return /^(hvc|hev)1/.test(track.codec) ? H265 : null;
}
