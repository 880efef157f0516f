/**
 * The joined track cut into HLS segments: pieces of about four seconds that begin with a sync sample.
 * Fragments carry no edit list, so hidden frames are composed in single ticks just before the first
 * shown one; the time line begins at ten seconds to leave room for that.
 */
import { MediaError } from "#media/media-error.ts";
import type { PlacedSample } from "#media/progressive-writer.ts";
import type { JoinedTrack } from "./join-segments.ts";
import type { JoinedSamples } from "./joined-samples.ts";

const SEGMENT_S = 4;
const ORIGIN_S = 10;

export interface HlsSegment {
  /** Indices of its samples in the joined track: [from, to). */
  readonly fromSample: number;
  readonly toSample: number;
  readonly baseDecodeTicks: number;
  readonly durationS: number;
  readonly startUtcMs: number;
}

export interface HlsTimeline {
  readonly segments: readonly HlsSegment[];
  /** From the decode time that the first fragment begins with to its first shown frame, seconds. */
  readonly streamStartS: number;
  /** The samples with the times that fragments carry; same order and bytes as the joined track's. */
  fragmentSamples(segment: HlsSegment): PlacedSample[];
}

/** @throws MediaError `OUT_OF_RANGE` for times that no fragment can hold: those of damaged tables */
export async function hlsTimeline(joined: JoinedTrack): Promise<HlsTimeline> {
  const { samples, places, track } = joined;
  const times = await fragmentTimes(joined);
  const { shiftTicks, firstShownTicks, endTicks } = times;
  const cuts = await cutAtSyncSamples(joined, times);
  const segments = cuts.map((cut, index): HlsSegment => {
    const next = cuts[index + 1];
    const startTicks = index === 0 ? firstShownTicks : cut.composedTicks;
    const place =
      places.findLast((candidate) => candidate.startTicks + shiftTicks <= startTicks) ?? places[0];
    const sincePlaceMs = ((startTicks - shiftTicks - (place?.startTicks ?? 0)) * 1_000) / track.timescale;
    return {
      fromSample: cut.sample,
      toSample: next?.sample ?? samples.length,
      baseDecodeTicks: cut.decodeTicks,
      durationS: Math.max(1, (next?.composedTicks ?? endTicks) - startTicks) / track.timescale,
      startUtcMs: (place?.startUtcMs ?? 0) + sincePlaceMs,
    };
  });
  const streamStartS = Math.max(0, firstShownTicks - (cuts[0]?.decodeTicks ?? 0)) / track.timescale;
  return { segments, streamStartS, fragmentSamples: fragmentsOf(samples, times) };
}

/**
 * Times on the HLS time line, ticks. Only those of hidden frames are kept: the others are the joined track's, moved.
 */
interface FragmentTimes {
  /** By how much the joined track's times are moved. */
  readonly shiftTicks: number;
  readonly firstShownTicks: number;
  readonly endTicks: number;
  /** How many samples at the very beginning, in decode order, are hidden: they last one tick each. */
  readonly leading: number;
  /** Where the first sample after them is decoded; without one, where what is shown would begin. */
  readonly leadingEndTicks: number;
  /** Composition times of hidden frames, by index. */
  readonly hidden: ReadonlyMap<number, number>;
}

async function fragmentTimes({ samples, edits, track }: JoinedTrack): Promise<FragmentTimes> {
  const [first, last] = [edits[0], edits.at(-1)];
  const firstShownTicks = ORIGIN_S * track.timescale;
  const shiftTicks = firstShownTicks - (first?.mediaStartTicks ?? 0);
  const endTicks = shiftTicks + (last?.mediaStartTicks ?? 0) + (last?.durationTicks ?? 0);
  const before: number[] = [];
  const after: number[] = [];
  let lastShownTicks = firstShownTicks;
  let leading = samples.length;
  let leadingEndTicks = firstShownTicks;
  await samples.visit((index, joinedTicks, _durationTicks, compositionOffsetTicks) => {
    const decodeTicks = shiftTicks + joinedTicks;
    const composedTicks = decodeTicks + compositionOffsetTicks;
    if (composedTicks < firstShownTicks) {
      before.push(index);
      return;
    }
    if (leading > index) [leading, leadingEndTicks] = [index, decodeTicks];
    if (composedTicks >= endTicks) after.push(index);
    else lastShownTicks = Math.max(lastShownTicks, composedTicks);
  });
  const hidden = new Map<number, number>();
  before.forEach((sample, slot) => hidden.set(sample, firstShownTicks - before.length + slot));
  // Frames after the end are there only to decode others; this way the last picture is the last shown.
  after.forEach((sample, slot) => hidden.set(sample, lastShownTicks - after.length + slot));
  return { shiftTicks, firstShownTicks, endTicks, leading, leadingEndTicks, hidden };
}

/** In a function of its own, as what it returns is kept, and with it whatever else it could see. */
function fragmentsOf(samples: JoinedSamples, times: FragmentTimes): HlsTimeline["fragmentSamples"] {
  return (segment) => samplesOf(samples, times, segment);
}

function samplesOf(
  samples: JoinedSamples,
  { leading, hidden }: FragmentTimes,
  { fromSample, toSample, baseDecodeTicks }: HlsSegment,
): PlacedSample[] {
  let decodeTicks = baseDecodeTicks;
  return Array.from({ length: toSample - fromSample }, (_, place) => {
    const index = fromSample + place;
    const sample = samples.at(index);
    if (sample === undefined) throw new Error(`There is no sample ${index} of ${samples.length}.`);
    const composedTicks = hidden.get(index) ?? decodeTicks + sample.compositionOffsetTicks;
    const durationTicks = index < leading ? 1 : sample.durationTicks;
    const placed = { ...sample, durationTicks, compositionOffsetTicks: composedTicks - decodeTicks };
    decodeTicks += durationTicks;
    return placed;
  });
}

/** Decode times in a fragment have no sign, and composition offsets 32 bits (ISO/IEC 14496-12, 8.8.8 and 8.8.12). */
function checkTimes(decodeTicks: number, compositionOffsetTicks: number): void {
  const isSound = decodeTicks >= 0 && Math.abs(compositionOffsetTicks) <= 0x7fff_ffff;
  if (isSound && Number.isSafeInteger(decodeTicks)) return;
  throw new MediaError("OUT_OF_RANGE", "Its times are further apart than those of a video can be.");
}

/** Where a segment begins. */
interface Cut {
  readonly sample: number;
  readonly decodeTicks: number;
  readonly composedTicks: number;
}

async function cutAtSyncSamples({ samples, track }: JoinedTrack, times: FragmentTimes): Promise<Cut[]> {
  const { leading, leadingEndTicks, hidden, shiftTicks } = times;
  const wantedTicks = SEGMENT_S * track.timescale;
  const cuts: Cut[] = [];
  let startTicks = 0;
  await samples.visit((sample, joinedTicks, _durationTicks, compositionOffsetTicks, isSync) => {
    const decodeTicks = sample < leading ? leadingEndTicks - leading + sample : shiftTicks + joinedTicks;
    const composedTicks = hidden.get(sample) ?? decodeTicks + compositionOffsetTicks;
    checkTimes(decodeTicks, composedTicks - decodeTicks);
    // The first segment is as long as what it shows.
    if (sample === leading) startTicks = composedTicks;
    const isDue = sample > leading && isSync && composedTicks - startTicks >= wantedTicks;
    if (sample === 0 || isDue) cuts.push({ sample, decodeTicks, composedTicks });
    if (isDue) startTicks = composedTicks;
  });
  return cuts;
}

/**
 * A VOD playlist.
 * @param addresses of the initialization segment and of each media segment by its number
 */
export function hlsPlaylist(
  segments: readonly HlsSegment[],
  addresses: { readonly init: string; readonly segment: (index: number) => string },
): string {
  const longestS = Math.max(...segments.map((segment) => segment.durationS));
  const lines = ["#EXTM3U", "#EXT-X-VERSION:7", `#EXT-X-TARGETDURATION:${Math.ceil(longestS)}`];
  lines.push("#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-INDEPENDENT-SEGMENTS", `#EXT-X-MAP:URI="${addresses.init}"`);
  segments.forEach((segment, index) => {
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(segment.startUtcMs).toISOString()}`);
    lines.push(`#EXTINF:${segment.durationS.toFixed(6)},`, addresses.segment(index));
  });
  return [...lines, "#EXT-X-ENDLIST", ""].join("\n");
}
