import type { Sample } from "#media/track.ts";

/** The frames of one footage file, in decode order and without a hole between them. */
export interface TrackSamples {
  /** Decode time of the first frame, in the session's time scale. */
  readonly firstDecodeTicks: number;
  /** Offsets are those of the footage file. */
  readonly samples: Sample[];
}

const WORDS_PER_SAMPLE = 4;
const HEADER_WORDS = 2;
const TWO_TO_32 = 2 ** 32;
const SYNC_BIT = 0x8000_0000;

/**
 * Packs a footage file's frames for the index: first decode time (64 bit), then four 32-bit words a frame:
 * file offset, size with the keyframe flag in the top bit, duration, composition offset.
 */
export function packSamples({ firstDecodeTicks, samples }: TrackSamples): Buffer {
  const words = new Uint32Array(HEADER_WORDS + samples.length * WORDS_PER_SAMPLE);
  words[0] = firstDecodeTicks % TWO_TO_32;
  words[1] = Math.floor(firstDecodeTicks / TWO_TO_32);
  samples.forEach((sample, index) => {
    const at = HEADER_WORDS + index * WORDS_PER_SAMPLE;
    words[at] = sample.offset;
    words[at + 1] = sample.sizeBytes + (sample.isSync ? SYNC_BIT : 0);
    words[at + 2] = sample.durationTicks;
    words[at + 3] = sample.compositionOffsetTicks;
  });
  return Buffer.from(words.buffer);
}

/** The inverse of `packSamples`. */
export function unpackSamples(packed: Buffer): TrackSamples {
  const words = new Uint32Array(new Uint8Array(packed).buffer);
  const samples: Sample[] = [];
  for (let at = HEADER_WORDS; at < words.length; at += WORDS_PER_SAMPLE) {
    const size = words[at + 1] ?? 0;
    samples.push({
      offset: words[at] ?? 0,
      sizeBytes: size & ~SYNC_BIT,
      durationTicks: words[at + 2] ?? 0,
      compositionOffsetTicks: (words[at + 3] ?? 0) | 0,
      isSync: size >= SYNC_BIT,
    });
  }
  return { firstDecodeTicks: (words[0] ?? 0) + (words[1] ?? 0) * TWO_TO_32, samples };
}

/** The same packed frames at another first decode time. */
export function withFirstDecodeTicks(packed: Buffer, firstDecodeTicks: number): Buffer {
  const copy = Buffer.from(packed);
  copy.writeUInt32LE(firstDecodeTicks % TWO_TO_32, 0);
  copy.writeUInt32LE(Math.floor(firstDecodeTicks / TWO_TO_32), 4);
  return copy;
}
