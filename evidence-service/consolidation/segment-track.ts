/** One segment's video track, with its samples put on the segment's own time line. */
import type { ProgressiveTrack } from "#media/progressive-reader.ts";
import type { Sample, Track } from "#media/track.ts";

/** What is known of a segment before it is joined with the others. */
export interface SegmentTrack {
  /** Number of the segment among the sources of the joined video. */
  readonly source: number;
  /** Wall-clock instant of `shownFromTicks`, milliseconds UTC. */
  readonly startUtcMs: number;
  readonly track: Track;
  /** In decode order. */
  readonly samples: readonly Sample[];
  /** Decode time of each sample, ticks. */
  readonly decodeTicks: Float64Array;
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
  const decodeTicks = new Float64Array(samples.length);
  let at = 0;
  let earliest = Infinity;
  let latestEnd = 0;
  samples.forEach((sample, index) => {
    decodeTicks[index] = at;
    const shownAt = at + sample.compositionOffsetTicks;
    earliest = Math.min(earliest, shownAt);
    latestEnd = Math.max(latestEnd, shownAt + sample.durationTicks);
    at += sample.durationTicks;
  });
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
    decodeTicks,
    shownFromTicks: shown[0]?.mediaStartTicks ?? earliest,
    shownToTicks:
      last === undefined ? latestEnd : Math.min(latestEnd, last.mediaStartTicks + last.durationTicks),
    bringsSets,
  };
}

/** The same with its times in ticks of another scale, each rounded by itself: errors do not add up. */
export function inTimescale(segment: SegmentTrack, timescale: number): SegmentTrack {
  const { track, samples, decodeTicks } = segment;
  if (timescale === track.timescale) return segment;
  const toTicks = (ticks: number): number => Math.round((ticks * timescale) / track.timescale);
  return {
    ...segment,
    track: { ...track, timescale },
    samples: samples.map((sample, index) => {
      const decoded = decodeTicks[index] ?? 0;
      const durationTicks = toTicks(decoded + sample.durationTicks) - toTicks(decoded);
      const compositionOffsetTicks = toTicks(shownAtTicks(segment, index)) - toTicks(decoded);
      return { ...sample, durationTicks, compositionOffsetTicks };
    }),
    decodeTicks: decodeTicks.map(toTicks),
    shownFromTicks: toTicks(segment.shownFromTicks),
    shownToTicks: toTicks(segment.shownToTicks),
  };
}

export function shownAtTicks(segment: SegmentTrack, index: number): number {
  return (segment.decodeTicks[index] ?? 0) + (segment.samples[index]?.compositionOffsetTicks ?? 0);
}

/** How many samples at the segment's beginning, in decode order, are only there to start the decoder. */
export function preRollCount(segment: SegmentTrack): number {
  const first = segment.samples.findIndex(
    (_, index) => shownAtTicks(segment, index) >= segment.shownFromTicks,
  );
  return first === -1 ? segment.samples.length : first;
}
