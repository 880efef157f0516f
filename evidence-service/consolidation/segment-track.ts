/** One segment's video track, with its samples put on the segment's own time line. */
import type { ProgressiveTrack } from "#media/progressive-reader.ts";
import { SampleColumns } from "#media/sample-columns.ts";
import type { Track } from "#media/track.ts";

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

/**
 * @param resourceStartUtcMs the segment's start as its resource says
 * @param bringsSets from `bringsParameterSets`
 */
export function segmentTrack(
  source: number,
  resourceStartUtcMs: number,
  file: ProgressiveTrack,
  bringsSets: boolean,
): SegmentTrack {
  const { track, samples, edits } = file;
  const { durationsTicks, compositionOffsetsTicks } = samples;
  let mediaTicks = 0;
  let earliest = Infinity;
  let latestEnd = 0;
  for (let index = 0; index < samples.length; index += 1) {
    const durationTicks = durationsTicks[index] ?? 0;
    const shownAt = mediaTicks + (compositionOffsetsTicks[index] ?? 0);
    earliest = Math.min(earliest, shownAt);
    latestEnd = Math.max(latestEnd, shownAt + durationTicks);
    mediaTicks += durationTicks;
  }
  const shown = edits.filter((edit) => edit.mediaStartTicks >= 0);
  const firstShown = edits.findIndex((edit) => edit.mediaStartTicks >= 0);
  const emptyTicks = edits
    .slice(0, Math.max(0, firstShown))
    .reduce((sum, edit) => sum + edit.durationTicks, 0);
  const last = shown.at(-1);
  return {
    source,
    startUtcMs: resourceStartUtcMs + (emptyTicks * 1_000) / track.timescale,
    track,
    samples,
    mediaTicks,
    shownFromTicks: shown[0]?.mediaStartTicks ?? earliest,
    shownToTicks:
      last === undefined ? latestEnd : Math.min(latestEnd, last.mediaStartTicks + last.durationTicks),
    bringsSets,
  };
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
}

export function preRoll({ samples, shownFromTicks }: SegmentTrack): PreRoll {
  let [count, endTicks] = [0, 0];
  for (const { durationTicks, compositionOffsetTicks } of samples) {
    if (endTicks + compositionOffsetTicks >= shownFromTicks) break;
    count += 1;
    endTicks += durationTicks;
  }
  return { count, endTicks };
}
