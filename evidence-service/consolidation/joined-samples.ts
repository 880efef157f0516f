import { setImmediate as yieldToOthers } from "node:timers/promises";
import type { PlacedSample, SampleBatch, SampleSequence } from "#media/progressive-writer.ts";
import type { SampleColumns } from "#media/sample-columns.ts";

type SampleTimes = Pick<PlacedSample, "durationTicks" | "compositionOffsetTicks">;

/** Samples of one segment that follow each other in the joined track. */
interface Stretch {
  /** Index of the first in the joined track, and in the segment. */
  readonly firstJoined: number;
  readonly firstInSegment: number;
  readonly samples: SampleColumns;
  readonly source: number;
  readonly literal: number | undefined;
  /** By index in the joined track: the times of samples that have other ones than in their segment. */
  readonly changedTimes: Map<number, SampleTimes>;
}

/** Samples of a segment to be appended; `literal` stands in front of its key frames. */
export type AppendedSegment = Omit<Stretch, "firstJoined" | "changedTimes">;

/** So many samples take some milliseconds, then others have their turn. */
const TURN_SAMPLES = 50_000;

/** @param decodeTicks counted from the first sample's */
export type VisitSample = (
  index: number,
  decodeTicks: number,
  durationTicks: number,
  compositionOffsetTicks: number,
  isSync: boolean,
) => void;

/**
 * The samples of a joined track in decode order. They stay in the columns of their segments; only what joining changes
 * in them is kept beside.
 *
 * A day has two million, and going through them is felt by everybody else whom the process serves: so there are ways
 * without an object for each, and others have their turn in between.
 */
export class JoinedSamples implements SampleSequence {
  readonly #stretches: Stretch[] = [];
  readonly #turnSamples: number;
  #length = 0;
  /** Of the stretch that was read last: they are read one after the other. */
  #latest = 0;

  constructor(turnSamples: number = TURN_SAMPLES) {
    this.#turnSamples = turnSamples;
  }

  get length(): number {
    return this.#length;
  }

  /** Appends a segment's samples from its `firstInSegment` on. */
  append(segment: AppendedSegment): void {
    const count = segment.samples.length - segment.firstInSegment;
    if (count <= 0) return;
    const changedTimes = new Map<number, SampleTimes>();
    this.#stretches.push({ ...segment, firstJoined: this.#length, changedTimes });
    this.#length += count;
  }

  setTimes(index: number, times: SampleTimes): void {
    this.#stretchWith(index)?.changedTimes.set(index, times);
  }

  /** A new object each time; below zero it counts from the end, as in an array. */
  at(place: number): PlacedSample | undefined {
    const index = place < 0 ? this.#length + place : place;
    const stretch = this.#stretchWith(index);
    return stretch && sampleOf(stretch, index);
  }

  /** All in order. */
  async visit(visit: VisitSample): Promise<void> {
    let decodeTicks = 0;
    for (const { firstJoined, firstInSegment, samples, changedTimes } of this.#stretches) {
      const { durationsTicks, compositionOffsetsTicks, syncs } = samples;
      const isChanged = changedTimes.size > 0;
      for (let at = firstInSegment; at < samples.length; at += 1) {
        const index = firstJoined + at - firstInSegment;
        const changed = isChanged ? changedTimes.get(index) : undefined;
        const durationTicks = changed?.durationTicks ?? durationsTicks[at] ?? 0;
        const compositionOffsetTicks = changed?.compositionOffsetTicks ?? compositionOffsetsTicks[at] ?? 0;
        visit(index, decodeTicks, durationTicks, compositionOffsetTicks, syncs[at] === 1);
        decodeTicks += durationTicks;
        if (index % this.#turnSamples === 0) await yieldToOthers();
      }
    }
  }

  /** All in order, as the plan of a file takes them. */
  async *batches(): AsyncGenerator<SampleBatch> {
    let firstDecodeTicks = 0;
    for (let first = 0; first < this.#length; first += this.#turnSamples) {
      const length = Math.min(this.#turnSamples, this.#length - first);
      yield { firstDecodeTicks, samples: { length, at: (index) => this.at(first + index) } };
      for (let index = first; index < first + length; index += 1) firstDecodeTicks += this.#durationOf(index);
      await yieldToOthers();
    }
  }

  #durationOf(index: number): number {
    const stretch = this.#stretchWith(index);
    if (stretch === undefined) return 0;
    const { samples, firstJoined, firstInSegment } = stretch;
    const inSegment = samples.durationsTicks[index - firstJoined + firstInSegment] ?? 0;
    return stretch.changedTimes.get(index)?.durationTicks ?? inSegment;
  }

  #stretchWith(index: number): Stretch | undefined {
    if (index < 0 || index >= this.#length) return undefined;
    const begins = (stretch: number): number => this.#stretches[stretch]?.firstJoined ?? this.#length;
    if (index < begins(this.#latest)) this.#latest = 0;
    while (index >= begins(this.#latest + 1)) this.#latest += 1;
    return this.#stretches[this.#latest];
  }
}

function sampleOf(stretch: Stretch, index: number): PlacedSample {
  const { samples, source, literal, firstJoined, firstInSegment, changedTimes } = stretch;
  const at = index - firstJoined + firstInSegment;
  const changed = changedTimes.size > 0 ? changedTimes.get(index) : undefined;
  const placed: PlacedSample = {
    source,
    offset: samples.offsets[at] ?? 0,
    sizeBytes: samples.sizesBytes[at] ?? 0,
    durationTicks: changed?.durationTicks ?? samples.durationsTicks[at] ?? 0,
    compositionOffsetTicks: changed?.compositionOffsetTicks ?? samples.compositionOffsetsTicks[at] ?? 0,
    isSync: samples.syncs[at] === 1,
  };
  return placed.isSync && literal !== undefined ? { ...placed, literal } : placed;
}
