import { MediaError } from "./media-error.ts";
import type { Sample } from "./track.ts";

/**
 * The samples of a track in decode order, 21 bytes each outside of the heap. As objects they would be five times as
 * large, and a day of one camera has two million.
 */
export class SampleColumns implements Iterable<Sample> {
  readonly offsets: Float64Array;
  readonly sizesBytes: Uint32Array;
  readonly durationsTicks: Uint32Array;
  readonly compositionOffsetsTicks: Int32Array;
  /** 1: decoding can start here. */
  readonly syncs: Uint8Array;

  /** All fields are 0 at first. */
  constructor(length: number) {
    this.offsets = new Float64Array(length);
    this.sizesBytes = new Uint32Array(length);
    this.durationsTicks = new Uint32Array(length);
    this.compositionOffsetsTicks = new Int32Array(length);
    this.syncs = new Uint8Array(length);
  }

  /** @throws MediaError `OUT_OF_RANGE` */
  static of(samples: readonly Sample[]): SampleColumns {
    const columns = new SampleColumns(samples.length);
    for (const [index, sample] of samples.entries()) columns.set(index, sample);
    return columns;
  }

  get length(): number {
    return this.offsets.length;
  }

  /** @throws MediaError `OUT_OF_RANGE` for numbers beyond 32 bits, which no file can hold */
  set(index: number, sample: Sample): void {
    this.offsets[index] = sample.offset;
    this.sizesBytes[index] = sample.sizeBytes;
    this.durationsTicks[index] = sample.durationTicks;
    this.compositionOffsetsTicks[index] = sample.compositionOffsetTicks;
    this.syncs[index] = Number(sample.isSync);
    const isHeld =
      this.sizesBytes[index] === sample.sizeBytes &&
      this.durationsTicks[index] === sample.durationTicks &&
      this.compositionOffsetsTicks[index] === sample.compositionOffsetTicks;
    if (!isHeld)
      throw new MediaError("OUT_OF_RANGE", `No file can hold the sample ${JSON.stringify(sample)}.`);
  }

  /** A new object each time; below zero it counts from the end, as in an array. */
  at(index: number): Sample | undefined {
    const place = index < 0 ? this.length + index : index;
    if (place < 0 || place >= this.length) return undefined;
    return {
      offset: this.offsets[place]!,
      sizeBytes: this.sizesBytes[place]!,
      durationTicks: this.durationsTicks[place]!,
      compositionOffsetTicks: this.compositionOffsetsTicks[place]!,
      isSync: this.syncs[place] === 1,
    };
  }

  *[Symbol.iterator](): Generator<Sample> {
    for (let index = 0; index < this.length; index++) yield this.at(index)!;
  }
}
