import type { PlacedSample } from "#media/progressive-writer.ts";
import type { Sample } from "#media/track.ts";
import type { SegmentRow, SessionRow } from "../index/footage-index.ts";
import type { SegmentSamples } from "../index/sample-table.ts";
import { instantUs, ticksToUs } from "../index/session-clock.ts";

/** Instants of an export, microseconds UTC, half-open. */
export interface InstantRange {
  readonly startUs: number;
  readonly endUs: number;
}

/** What an export file is made of, before its tables are written. */
export interface GatheredSamples {
  /** In decode order; durations reach from each frame to the next, also over a gap. */
  readonly samples: PlacedSample[];
  readonly shownFrames: number;
  /** Frames before the first shown one, needed to decode it. */
  readonly preRollFrames: number;
  /** Composition time of the first shown frame, and the end of the last, in ticks of the file. */
  readonly shownStartTicks: number;
  readonly shownEndTicks: number;
  readonly firstFrameUs: number;
  readonly lastFrameUs: number;
  readonly endUs: number;
}

/**
 * Collects the frames of an export segment by segment, in order of time. A frame is shown when it starts
 * in the range; before the first one come the frames from the keyframe that it needs. Later frames are
 * left out, except where a shown frame depends on them in decode order.
 */
export class SampleGatherer {
  readonly #range: InstantRange;
  readonly #samples: PlacedSample[] = [];
  /** Decode time of each sample in ticks of the file, counted from the first session's base. */
  readonly #decodeTicks: number[] = [];
  #clock: SessionRow | undefined;
  #firstShown = -1;
  #lastShown = -1;
  #shownFrames = 0;
  #startUs = Infinity;
  #lastUs = -Infinity;
  #endUs = -Infinity;
  #startTicks = Infinity;
  #endTicks = -Infinity;

  constructor(range: InstantRange) {
    this.#range = range;
  }

  /** @param source index of the segment's file in the list of sources */
  add(session: SessionRow, row: SegmentRow, frames: SegmentSamples, source: number): void {
    this.#clock ??= session;
    const toFileTicks = ticksConverter(this.#clock, session);
    const endUs = Math.min(this.#range.endUs, row.shownEndUs);
    let decodeTicks = frames.firstDecodeTicks;
    for (const sample of frames.samples) {
      const shownTicks = decodeTicks + sample.compositionOffsetTicks;
      const shownUs = instantUs(session, shownTicks);
      const isShown = shownUs >= this.#range.startUs && shownUs < endUs;
      const endTicks = shownTicks + sample.durationTicks;
      this.#place(sample, source, toFileTicks(decodeTicks), toFileTicks(shownTicks), isShown);
      if (isShown)
        this.#noteShown(
          shownUs,
          instantUs(session, endTicks),
          toFileTicks(shownTicks),
          toFileTicks(endTicks),
        );
      decodeTicks += sample.durationTicks;
    }
    // What follows the last shown frame of a segment is needed by nothing that is shown.
    this.#dropAfter(this.#lastShown);
  }

  /** @returns null when no frame is shown */
  finish(): GatheredSamples | null {
    if (this.#firstShown < 0) return null;
    this.#dropAfter(this.#lastShown);
    const origin = this.#decodeTicks[0] ?? 0;
    for (const [index, sample] of this.#samples.entries()) {
      const next = this.#decodeTicks[index + 1];
      if (next !== undefined) sample.durationTicks = next - (this.#decodeTicks[index] ?? 0);
    }
    return {
      samples: this.#samples,
      shownFrames: this.#shownFrames,
      preRollFrames: this.#firstShown,
      shownStartTicks: this.#startTicks - origin,
      shownEndTicks: this.#endTicks - origin,
      firstFrameUs: this.#startUs,
      lastFrameUs: this.#lastUs,
      endUs: this.#endUs,
    };
  }

  #place(sample: Sample, source: number, decodeTicks: number, shownTicks: number, isShown: boolean): void {
    if (this.#firstShown < 0 && sample.isSync) this.#dropAfter(-1);
    const previous = this.#decodeTicks.at(-1) ?? -Infinity;
    // Clocks of two sessions may disagree by a rounding; decode times never go back in a file.
    const decoded = Math.max(decodeTicks, previous);
    const { offset, sizeBytes, durationTicks, isSync } = sample;
    const compositionOffsetTicks = shownTicks - decoded;
    this.#samples.push({ source, offset, sizeBytes, durationTicks, compositionOffsetTicks, isSync });
    this.#decodeTicks.push(decoded);
    if (!isShown) return;
    if (this.#firstShown < 0) this.#firstShown = this.#samples.length - 1;
    this.#lastShown = this.#samples.length - 1;
  }

  #noteShown(startUs: number, endUs: number, startTicks: number, endTicks: number): void {
    this.#shownFrames++;
    this.#startUs = Math.min(this.#startUs, startUs);
    this.#lastUs = Math.max(this.#lastUs, startUs);
    this.#endUs = Math.max(this.#endUs, endUs);
    this.#startTicks = Math.min(this.#startTicks, startTicks);
    this.#endTicks = Math.max(this.#endTicks, endTicks);
  }

  #dropAfter(last: number): void {
    this.#samples.length = last + 1;
    this.#decodeTicks.length = last + 1;
  }
}

/** Turns a session's ticks into those of the file, whose scale and origin are the first session's. */
function ticksConverter(file: SessionRow, session: SessionRow): (ticks: number) => number {
  if (file.id === session.id) return (ticks) => ticks - file.baseTime;
  const startUs = session.startUs - file.startUs;
  const startTicks = Math.round((startUs * file.timeScale) / 1_000_000);
  if (file.timeScale === session.timeScale) return (ticks) => startTicks + ticks - session.baseTime;
  return (ticks) =>
    Math.round(
      ((startUs + ticksToUs(ticks - session.baseTime, session.timeScale)) * file.timeScale) / 1_000_000,
    );
}
