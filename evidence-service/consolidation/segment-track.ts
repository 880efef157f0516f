/** One segment's video track, with its samples put on the segment's own time line. */
import type { ProgressiveTrack } from "#media/progressive-reader.ts";
import { shownParts } from "#media/shown-parts.ts";
import { SampleColumns } from "#media/sample-columns.ts";
import type { Track } from "#media/track.ts";
import type { Placed } from "./hidden-samples.ts";

/** What is known of a segment before it is joined with the others. */
export interface SegmentTrack {
  /** Number of the segment among the sources of the joined video. */
  readonly source: number;
  /** Wall-clock instant of `shownFromTicks`, milliseconds UTC. */
  readonly startUtcMs: number;
  readonly track: Track;
  /** In decode order; the first is decoded at 0. */
  readonly samples: SampleColumns;
  /** What all samples last. */
  readonly mediaTicks: number;
  /** Composition times shown: [from, to), ticks. Frames composed before are pre-roll. */
  readonly shownFromTicks: number;
  readonly shownToTicks: number;
  /** Whether its key frames hold the parameter sets that they need. */
  readonly bringsSets: boolean;
}

/** What is known of a segment beside its file: its number, its start as its resource says, and its parameter sets. */
export type SegmentFacts = Pick<SegmentTrack, "source" | "startUtcMs" | "bringsSets">;

/**
 * The parts of a segment: one, but where its edits show it in pieces.
 * @throws MediaError `NO_SAMPLES` when it shows nothing
 */
export function segmentTracks(file: ProgressiveTrack, facts: SegmentFacts): SegmentTrack[] {
  const { track } = file;
  return shownParts(file).map(({ startTicks, ...part }) => {
    const startUtcMs = facts.startUtcMs + (startTicks * 1_000) / track.timescale;
    return { ...part, ...facts, track, startUtcMs };
  });
}

/** More ticks a second than this make long gaps too long for a file. */
const MOST_TICKS = 1_000_000;
/** With so many no two frames of a camera fall on one. */
const FINE_TICKS = 90_000;
/** Ticks that a duration can have: players take larger ones for negative. */
const LONGEST_TICKS = 0x7fff_ffff;

/**
 * The timescale of all segments together: the one in which the times of each are whole numbers, or where that is too
 * fine, one that is fine enough to keep every frame.
 */
export function commonTimescale(segments: readonly SegmentTrack[]): number {
  const scales = [...new Set(segments.map(({ track }) => track.timescale))];
  const [first = 1, ...others] = scales;
  if (others.length === 0) return first;
  const common = others.reduce((a, b) => (a / greatestCommonDivisor(a, b)) * b, first);
  const starts = segments.map(({ startUtcMs }) => startUtcMs);
  const spanS = (Math.max(...starts) - Math.min(...starts)) / 1_000;
  const wanted = [common, Math.max(FINE_TICKS, ...scales), Math.max(...scales)];
  return wanted.find((scale) => scale <= MOST_TICKS && scale * spanS <= LONGEST_TICKS) ?? Math.max(...scales);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/**
 * The same with its times in ticks of another scale, each rounded by itself: errors do not add up.
 * @throws MediaError `OUT_OF_RANGE` for times that no file can hold in that scale
 */
export function inTimescale(segment: SegmentTrack, timescale: number): SegmentTrack {
  const { track, samples } = segment;
  if (timescale === track.timescale) return segment;
  const toTicks = (ticks: number): number => Math.round((ticks * timescale) / track.timescale);
  const scaled = new SampleColumns(samples.length);
  let decodeTicks = 0;
  let index = 0;
  for (const sample of samples) {
    const decodedAt = toTicks(decodeTicks);
    const durationTicks = toTicks(decodeTicks + sample.durationTicks) - decodedAt;
    const compositionOffsetTicks = toTicks(decodeTicks + sample.compositionOffsetTicks) - decodedAt;
    scaled.set(index, { ...sample, durationTicks, compositionOffsetTicks });
    decodeTicks += sample.durationTicks;
    index += 1;
  }
  return {
    ...segment,
    track: { ...track, timescale },
    samples: scaled,
    mediaTicks: toTicks(segment.mediaTicks),
    shownFromTicks: toTicks(segment.shownFromTicks),
    shownToTicks: toTicks(segment.shownToTicks),
  };
}

/** Samples at the segment's beginning, in decode order, that are only there to start the decoder. */
export interface PreRoll {
  readonly count: number;
  /** Decode time of the first sample after them, ticks. */
  readonly endTicks: number;
  /** They, and samples that are decoded after a shown one and would be shown before what is asked for. */
  readonly hidden: readonly Placed[];
}

/** In decode order no two frames are further apart than this: as many as a decoder holds. */
export const MOST_REORDERED = 32;

export function preRoll({ samples, shownFromTicks }: SegmentTrack): PreRoll {
  let [count, endTicks] = [0, 0];
  const hidden: Placed[] = [];
  for (const { durationTicks, compositionOffsetTicks } of samples) {
    if (endTicks + compositionOffsetTicks >= shownFromTicks) break;
    hidden.push({ index: count, composedTicks: endTicks + compositionOffsetTicks });
    count += 1;
    endTicks += durationTicks;
  }
  let decodeTicks = endTicks;
  for (let index = count; index < Math.min(samples.length, count + MOST_REORDERED); index += 1) {
    const sample = samples.at(index);
    if (sample === undefined) break;
    const composedTicks = decodeTicks + sample.compositionOffsetTicks;
    if (composedTicks < shownFromTicks) hidden.push({ index, composedTicks });
    decodeTicks += sample.durationTicks;
  }
  return { count, endTicks, hidden };
}
