import type { PlacedSample, SampleSequence } from "#media/progressive-writer.ts";

/** Layout of `packSamples` in archive/index/sample-table.ts: 32-bit little-endian words. */
const WORD_BYTES = 4;
const HEADER_BYTES = 2 * WORD_BYTES;
const SAMPLE_BYTES = 4 * WORD_BYTES;
const SYNC_BIT = 0x8000_0000;

/** The samples of a footage file, read one by one out of their packed form: a day has millions. */
export class PackedSamples implements SampleSequence {
  readonly length: number;
  /** Decode times of the first and the last sample, in ticks of the session. */
  readonly firstDecodeTicks: number;
  readonly lastDecodeTicks: number;
  /** When the first is shown, and the last, and when the last ends to be. */
  readonly firstShownTicks: number;
  readonly lastShownTicks: number;
  readonly shownEndTicks: number;
  readonly #packed: Buffer;
  readonly #literal: number | undefined;
  readonly #sample: PlacedSample;

  /** @param source of all samples. @param literal stands before the key frames */
  constructor(packed: Buffer, source: number, literal: number | undefined) {
    this.#packed = packed;
    this.#literal = literal;
    this.length = (packed.length - HEADER_BYTES) / SAMPLE_BYTES;
    this.#sample = {
      ...{ source, offset: 0, sizeBytes: 0, durationTicks: 0, compositionOffsetTicks: 0, isSync: false },
    };
    this.firstDecodeTicks = packed.readUInt32LE(0) + packed.readUInt32LE(WORD_BYTES) * 2 ** 32;
    let [decode, last, first, shown, end] = [this.firstDecodeTicks, 0, Infinity, -Infinity, -Infinity];
    for (let index = 0; index < this.length; index++) {
      const at = HEADER_BYTES + index * SAMPLE_BYTES;
      const durationTicks = packed.readUInt32LE(at + 2 * WORD_BYTES);
      const shownTicks = decode + packed.readInt32LE(at + 3 * WORD_BYTES);
      first = Math.min(first, shownTicks);
      shown = Math.max(shown, shownTicks);
      end = Math.max(end, shownTicks + durationTicks);
      last = decode;
      decode += durationTicks;
    }
    this.lastDecodeTicks = last;
    this.firstShownTicks = first;
    this.lastShownTicks = shown;
    this.shownEndTicks = end;
  }

  at(index: number): PlacedSample {
    const packed = this.#packed;
    const at = HEADER_BYTES + index * SAMPLE_BYTES;
    const size = packed.readUInt32LE(at + WORD_BYTES);
    const sample = this.#sample;
    sample.offset = packed.readUInt32LE(at);
    sample.sizeBytes = size % SYNC_BIT;
    sample.isSync = size >= SYNC_BIT;
    sample.durationTicks = packed.readUInt32LE(at + 2 * WORD_BYTES);
    sample.compositionOffsetTicks = packed.readInt32LE(at + 3 * WORD_BYTES);
    if (this.#literal !== undefined && sample.isSync) sample.literal = this.#literal;
    else delete sample.literal;
    return sample;
  }
}
