/**
 * The joined track cut into HLS segments: pieces of about four seconds that begin with a sync sample.
 * Fragments carry no edit list, so hidden frames are composed in single ticks just before the first
 * shown one; the time line begins at ten seconds to leave room for that.
 */
import { MediaError } from "#media/media-error.ts";
import type { PlacedSample } from "#media/progressive-writer.ts";
import { FrameTable } from "./frame-table.ts";
import type { JoinedTrack } from "./join-segments.ts";

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
export function hlsTimeline(joined: JoinedTrack): HlsTimeline {
  const { samples, edits, places, track } = joined;
  const firstShown = edits[0]?.mediaStartTicks ?? 0;
  const shift = ORIGIN_S * track.timescale - firstShown;
  const { decode, composed, leading } = retimed(joined, shift);
  const cuts = cutAtSyncSamples(joined, composed, leading);
  const endTicks = shift + (edits.at(-1)?.mediaStartTicks ?? 0) + (edits.at(-1)?.durationTicks ?? 0);
  const segments = cuts.map((fromSample, index): HlsSegment => {
    const toSample = cuts[index + 1] ?? samples.length;
    const startTicks = index === 0 ? shift + firstShown : (composed[fromSample] ?? 0);
    const nextTicks = cuts[index + 1] === undefined ? endTicks : (composed[toSample] ?? endTicks);
    const place = places.findLast((candidate) => candidate.startTicks + shift <= startTicks) ?? places[0];
    const sincePlaceMs = ((startTicks - shift - (place?.startTicks ?? 0)) * 1_000) / track.timescale;
    return {
      fromSample,
      toSample,
      baseDecodeTicks: decode[fromSample] ?? 0,
      durationS: Math.max(1, nextTicks - startTicks) / track.timescale,
      startUtcMs: (place?.startUtcMs ?? 0) + sincePlaceMs,
    };
  });
  const streamStartS = Math.max(0, shift + firstShown - (decode[0] ?? 0)) / track.timescale;
  const lastDurationTicks = samples.at(-1)?.durationTicks ?? 0;
  const fragmentSamples = fragmentsOf(new FrameTable(samples), { decode, composed, lastDurationTicks });
  return { segments, streamStartS, fragmentSamples };
}

interface HlsTimes {
  readonly decode: Float64Array;
  readonly composed: Float64Array;
  readonly lastDurationTicks: number;
}

/** In a function of its own, as what it returns is kept, and with it whatever else it could see. */
function fragmentsOf(
  frames: FrameTable,
  { decode, composed, lastDurationTicks }: HlsTimes,
): HlsTimeline["fragmentSamples"] {
  const sampleAt = (index: number): PlacedSample => {
    const decodeTicks = decode[index] ?? 0;
    const durationTicks = (decode[index + 1] ?? decodeTicks + lastDurationTicks) - decodeTicks;
    return frames.at(index, { durationTicks, compositionOffsetTicks: (composed[index] ?? 0) - decodeTicks });
  };
  return ({ fromSample, toSample }) =>
    Array.from({ length: toSample - fromSample }, (_, index) => sampleAt(fromSample + index));
}

/** Decode and composition times of every sample on the HLS time line, ticks. */
function retimed({ samples, edits }: JoinedTrack, shift: number) {
  const decode = new Float64Array(samples.length);
  const composed = new Float64Array(samples.length);
  let at = shift;
  samples.forEach((sample, index) => {
    decode[index] = at;
    composed[index] = at + sample.compositionOffsetTicks;
    at += sample.durationTicks;
  });
  const firstTicks = shift + (edits[0]?.mediaStartTicks ?? 0);
  const endTicks = shift + (edits.at(-1)?.mediaStartTicks ?? 0) + (edits.at(-1)?.durationTicks ?? 0);
  const before: number[] = [];
  const after: number[] = [];
  let lastShownTicks = firstTicks;
  composed.forEach((ticks, index) => {
    if (ticks < firstTicks) before.push(index);
    else if (ticks >= endTicks) after.push(index);
    else lastShownTicks = Math.max(lastShownTicks, ticks);
  });
  // Frames after the end are there only to decode others; this way the last picture is the last shown.
  after.forEach((sample, slot) => {
    composed[sample] = lastShownTicks - after.length + slot;
  });
  const leading = squeeze(before, decode, composed, firstTicks);
  decode.forEach((ticks, index) => checkTimes(ticks, (composed[index] ?? 0) - ticks));
  return { decode, composed, leading };
}

/** Decode times in a fragment have no sign, and composition offsets 32 bits (ISO/IEC 14496-12, 8.8.8 and 8.8.12). */
function checkTimes(decodeTicks: number, compositionOffsetTicks: number): void {
  const isSound = decodeTicks >= 0 && Math.abs(compositionOffsetTicks) <= 0x7fff_ffff;
  if (isSound && Number.isSafeInteger(decodeTicks)) return;
  throw new MediaError("OUT_OF_RANGE", "Its times are further apart than those of a video can be.");
}

/**
 * Moves the hidden frames into single ticks before the first shown one.
 * @returns how many samples at the very beginning, in decode order, are hidden
 */
function squeeze(
  hidden: readonly number[],
  decode: Float64Array,
  composed: Float64Array,
  shownTicks: number,
): number {
  let leading = 0;
  while (hidden[leading] === leading) leading += 1;
  const firstDecode = decode[leading] ?? shownTicks;
  hidden.forEach((sample, slot) => {
    composed[sample] = shownTicks - hidden.length + slot;
    if (sample < leading) decode[sample] = firstDecode - leading + sample;
  });
  return leading;
}

function cutAtSyncSamples(joined: JoinedTrack, composed: Float64Array, leading: number): number[] {
  const { samples, track } = joined;
  const wanted = SEGMENT_S * track.timescale;
  const cuts = [0];
  let startTicks = composed[leading] ?? 0;
  samples.forEach((sample: PlacedSample, index) => {
    if (index <= leading || !sample.isSync) return;
    if ((composed[index] ?? 0) - startTicks < wanted) return;
    cuts.push(index);
    startTicks = composed[index] ?? 0;
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
