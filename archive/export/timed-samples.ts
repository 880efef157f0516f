import type { PlacedSample, SampleBatch } from "#media/progressive-writer.ts";
import { unpackSamples } from "../index/sample-table.ts";
import { instantUs, type SessionClock } from "../index/session-clock.ts";
import type { FileClock } from "./file-clock.ts";
import { PackedSamples } from "./packed-samples.ts";

/** Instants of an export, microseconds UTC, half-open. */
export interface InstantRange {
  readonly startUs: number;
  readonly endUs: number;
}

/** A recorded sample and its place in time: ticks of the file's track, and on the wall clock. */
export interface TimedSample {
  readonly sample: PlacedSample;
  readonly decodeTicks: number;
  readonly shownTicks: number;
  readonly shownEndTicks: number;
  readonly shownUs: number;
  readonly shownEndUs: number;
}

/** Where the samples of a footage file come from. */
export interface SampleOrigin {
  readonly clock: SessionClock;
  /** Index of the footage file in the list of sources. */
  readonly source: number;
  /** Index of the bytes that stand before its key frames. */
  readonly literal: number | undefined;
}

export function timeSamples(packed: Buffer, origin: SampleOrigin, fileClock: FileClock): TimedSample[] {
  const { clock, source, literal } = origin;
  const recorded = unpackSamples(packed);
  const toFileTicks = fileClock.converter(clock);
  let decodeTicks = recorded.firstDecodeTicks;
  return recorded.samples.map((sample) => {
    const shown = decodeTicks + sample.compositionOffsetTicks;
    const end = shown + sample.durationTicks;
    const timed = {
      sample: { ...sample, source, ...(literal !== undefined && sample.isSync ? { literal } : {}) },
      ...{ decodeTicks: toFileTicks(decodeTicks), shownTicks: toFileTicks(shown) },
      ...{ shownEndTicks: toFileTicks(end), shownUs: instantUs(clock, shown) },
      shownEndUs: instantUs(clock, end),
    };
    decodeTicks += sample.durationTicks;
    return timed;
  });
}

/** Makes the samples of one track follow each other: decode times never go back in a file. */
export class TrackTime {
  #lastDecodeTicks = -Infinity;

  /** The whole of a footage file without looking at each sample; undefined where times would have to be changed. */
  wholeBatch(samples: PackedSamples, fileClock: FileClock, clock: SessionClock): SampleBatch | undefined {
    const firstDecodeTicks = fileClock.converter(clock)(samples.firstDecodeTicks);
    if (clock.timeScale !== fileClock.timescale || firstDecodeTicks < this.#lastDecodeTicks) return undefined;
    this.#lastDecodeTicks = firstDecodeTicks + samples.lastDecodeTicks - samples.firstDecodeTicks;
    return { firstDecodeTicks, samples };
  }

  toBatch(timed: readonly TimedSample[]): SampleBatch {
    const decodeTicks = timed.map((sample) => {
      // Clocks of two sessions may disagree by a rounding, and one takes over while the other still has frames.
      this.#lastDecodeTicks = Math.max(this.#lastDecodeTicks, sample.decodeTicks);
      return this.#lastDecodeTicks;
    });
    const samples = timed.map(({ sample, shownTicks, shownEndTicks }, index) => {
      const decoded = decodeTicks[index]!;
      const compositionOffsetTicks = shownTicks - decoded;
      const lengthTicks = shownEndTicks - shownTicks;
      const durationTicks = (decodeTicks[index + 1] ?? decoded + lengthTicks) - decoded;
      return { ...sample, durationTicks, compositionOffsetTicks };
    });
    return { firstDecodeTicks: decodeTicks[0] ?? 0, samples };
  }
}
