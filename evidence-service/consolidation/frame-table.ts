import type { PlacedSample } from "#media/progressive-writer.ts";

type FrameTimes = Pick<PlacedSample, "durationTicks" | "compositionOffsetTicks">;

const NO_LITERAL = -1;

/**
 * Where the frames of a video are, in as little memory as that needs: 21 bytes each, outside of the heap. As objects
 * they would be five times as large, and a day of one camera has up to two million.
 */
export class FrameTable {
  readonly #offsets: Float64Array;
  readonly #sizes: Uint32Array;
  readonly #sources: Uint32Array;
  readonly #literals: Int32Array;
  readonly #syncs: Uint8Array;

  constructor(samples: readonly PlacedSample[]) {
    this.#offsets = new Float64Array(samples.length);
    this.#sizes = new Uint32Array(samples.length);
    this.#sources = new Uint32Array(samples.length);
    this.#literals = new Int32Array(samples.length);
    this.#syncs = new Uint8Array(samples.length);
    for (const [index, sample] of samples.entries()) {
      this.#offsets[index] = sample.offset;
      this.#sizes[index] = sample.sizeBytes;
      this.#sources[index] = sample.source;
      this.#literals[index] = sample.literal ?? NO_LITERAL;
      this.#syncs[index] = Number(sample.isSync);
    }
  }

  get length(): number {
    return this.#offsets.length;
  }

  /** The frame at an index from 0 on, with the times it is to have. */
  at(index: number, { durationTicks, compositionOffsetTicks }: FrameTimes): PlacedSample {
    const literal = this.#literals[index] ?? NO_LITERAL;
    const place = {
      offset: this.#offsets[index] ?? 0,
      sizeBytes: this.#sizes[index] ?? 0,
      source: this.#sources[index] ?? 0,
      isSync: this.#syncs[index] === 1,
    };
    const times = { durationTicks, compositionOffsetTicks };
    return { ...place, ...times, ...(literal === NO_LITERAL ? {} : { literal }) };
  }
}
