import { cutSamples } from "./cut-samples.ts";
import type { PlacedSample, TrackPlan } from "./progressive-writer.ts";
import type { Edit, Sample, Track } from "./track.ts";

/** A track of a recording, and how it lies to the others. */
export interface AlignedTrack {
  track: Track;
  /** In decode order; the first is decoded at 0. */
  samples: PlacedSample[];
  /** When composition time 0 is presented, in the track's ticks (`presentationOffset` of its edits). */
  presentationOffsetTicks: number;
}

export interface TracksCut {
  /** Tracks of which nothing is presented in that time are left out. */
  plans: TrackPlan[];
  /** What is shown, on the presentation's clock. */
  startSeconds: number;
  endSeconds: number;
}

/**
 * Cuts all tracks by the same two instants of their common presentation. The first picture track decides: the
 * instants are widened to whole frames of it, and the others begin and end exactly there, be it within a packet.
 * @returns undefined when that track (or without one, every track) has nothing in that time.
 */
export function cutTracks(
  tracks: readonly AlignedTrack[],
  startSeconds: number,
  endSeconds: number,
): TracksCut | undefined {
  const leader = tracks.find(({ track }) => track.handler === "vide");
  const range = leader ? wholeFrames(leader, startSeconds, endSeconds) : { startSeconds, endSeconds };
  if (!range) return undefined;
  const plans = tracks.flatMap((track) => cutExactly(track, range.startSeconds, range.endSeconds) ?? []);
  return plans.length === 0 ? undefined : { plans, ...range };
}

function wholeFrames({ track, samples, presentationOffsetTicks }: AlignedTrack, start: number, end: number) {
  const composed = (seconds: number) => Math.round(seconds * track.timescale) - presentationOffsetTicks;
  const presented = (ticks: number) => (ticks + presentationOffsetTicks) / track.timescale;
  const cut = cutSamples(samples, composed(start), composed(end));
  return cut && { startSeconds: presented(cut.startTicks), endSeconds: presented(cut.endTicks) };
}

function cutExactly(aligned: AlignedTrack, startSeconds: number, endSeconds: number): TrackPlan | undefined {
  const { track, samples, presentationOffsetTicks } = aligned;
  const wantedTicks = Math.round(startSeconds * track.timescale) - presentationOffsetTicks;
  const endTicks = Math.round(endSeconds * track.timescale) - presentationOffsetTicks;
  const cut = cutSamples(samples, wantedTicks - warmUpTicks(track, samples), endTicks);
  if (!cut) return undefined;
  const baseTicks = cut.startTicks - cut.edits[0]!.mediaStartTicks;
  const startTicks = Math.max(wantedTicks, cut.startTicks);
  const durationTicks = Math.min(endTicks, cut.endTicks) - startTicks;
  if (durationTicks <= 0) return undefined;
  const late: Edit[] = [{ mediaStartTicks: -1, durationTicks: startTicks - wantedTicks }];
  const shown: Edit = { mediaStartTicks: startTicks - baseTicks, durationTicks };
  return { track, samples: cut.samples, edits: [...(startTicks > wantedTicks ? late : []), shown] };
}

/** A packet of sound overlaps with the one before, which must be decoded for the first to sound right. */
function warmUpTicks(track: Track, samples: readonly Sample[]): number {
  return track.handler === "soun" ? (samples[0]?.durationTicks ?? 0) : 0;
}
