import type { Box } from "./box-reader.ts";
import { BoxCursor } from "./box-cursor.ts";
import { MediaError } from "./media-error.ts";

/** What an `esds` box says of the sound (ISO/IEC 14496-1, 7.2.6; ISO/IEC 14496-3, 1.6.2.1). */
export interface AudioConfig {
  /** Of the stream: 0x40 is MPEG-4 audio. */
  readonly kind: number;
  /** Undefined where it is not MPEG-4 audio, or its own description is absent. */
  readonly mpeg4: Mpeg4Audio | undefined;
}

export interface Mpeg4Audio {
  /** 2 is AAC-LC. */
  readonly objectType: number;
  /** Samples a second that the core of the codec counts; undefined where the table has no such entry. */
  readonly sampleRate: number | undefined;
  /** 1 to 7; 0: described elsewhere. */
  readonly channels: number;
}

const mpeg4Kind = 0x40;

/** ISO/IEC 14496-3, table 1.18; index 15 says that 24 bits of it follow. */
const sampleRates = [
  ...[96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350],
];
const rateFollows = 15;

/** @returns undefined for a box that is damaged or holds something else */
export function readAudioConfig(esds: Buffer): AudioConfig | undefined {
  try {
    const box: Box = { type: "esds", start: 0, body: 4, end: esds.length };
    return readDescriptors(esds, new BoxCursor(esds, box));
  } catch (error) {
    if (error instanceof MediaError) return undefined;
    throw error;
  }
}

// Descriptors: 3 = elementary stream, 4 = decoder configuration, 5 = its own data.
function readDescriptors(esds: Buffer, fields: BoxCursor): AudioConfig | undefined {
  if (descriptorTag(fields) !== 3) return undefined;
  fields.skip(2);
  const flags = fields.u8();
  if (flags & 0x80) fields.skip(2);
  if (flags & 0x40) fields.skip(fields.u8());
  if (flags & 0x20) fields.skip(2);
  if (descriptorTag(fields) !== 4) return undefined;
  const kind = fields.u8();
  fields.skip(12);
  const isDescribed = kind === mpeg4Kind && descriptorTag(fields) === 5;
  return { kind, mpeg4: isDescribed ? readMpeg4(new BitCursor(esds, fields.position)) : undefined };
}

function descriptorTag(fields: BoxCursor): number {
  const tag = fields.u8();
  while (fields.u8() & 0x80);
  return tag;
}

function readMpeg4(bits: BitCursor): Mpeg4Audio {
  const short = bits.read(5);
  const objectType = short === 31 ? 32 + bits.read(6) : short;
  const rateIndex = bits.read(4);
  const sampleRate = rateIndex === rateFollows ? bits.read(24) : sampleRates[rateIndex];
  return { objectType, sampleRate, channels: bits.read(4) };
}

/** Reads bits, the highest first; past the end they are zero. */
class BitCursor {
  readonly #bytes: Buffer;
  #atBit: number;

  constructor(bytes: Buffer, startByte: number) {
    this.#bytes = bytes;
    this.#atBit = startByte * 8;
  }

  read(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index++, this.#atBit++) {
      const byte = this.#bytes[this.#atBit >>> 3] ?? 0;
      value = value * 2 + ((byte >>> (7 - (this.#atBit & 7))) & 1);
    }
    return value;
  }
}
