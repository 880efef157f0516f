import type { Track } from "./track.ts";

/**
 * How a codec frames and names its parts. A camera that changes its resolution or profile in mid-stream says so in a
 * new sequence parameter set (SPS) at the next key frame, whatever the sample entry says.
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

function nalCodecOf(track: Track): NalCodec | null {
  if (/^avc[13]/.test(track.codec)) return H264;
  return /^(hvc|hev)1/.test(track.codec) ? H265 : null;
}
