/**
 * The joined track cut into media segments of HLS: pieces of about four seconds that begin with a sync sample.
 * Fragments carry no edit list, so hidden frames are composed in single ticks just before the first
 * shown one; the time line begins at ten seconds to leave room for that. A media segment also begins where a place does
 * that is decoded anew, so that the last frame before it can last until then.
 */
import { MediaError } from "#media/media-error.ts";
import type { Edit, PlacedSample } from "#media/progressive-writer.ts";
import { isShown, type JoinedTrack } from "./join-segments.ts";
import { inSingleTicks, type Placed } from "./hidden-samples.ts";
import { MOST_REORDERED } from "./segment-track.ts";
import type { JoinedSamples } from "./joined-samples.ts";

const MEDIA_SEGMENT_S = 4;
const ORIGIN_S = 10;

export interface MediaSegment {
  /** Indices of its samples in the joined track: [from, to). */
  readonly fromSample: number;
  readonly toSample: number;
  readonly baseDecodeTicks: number;
  readonly durationS: number;
  readonly startUtcMs: number;
  /** Where it begins, seconds from the first shown frame. */
  readonly mediaStartS: number;
}

export interface HlsTimeline {
  readonly mediaSegments: readonly MediaSegment[];
  /** From the decode time that the first fragment begins with to its first shown frame, seconds. */
  readonly streamStartS: number;
  /** The samples with the times that fragments carry; same order and bytes as the joined track's. */
  fragmentSamples(mediaSegment: MediaSegment): PlacedSample[];
  /** When its shown frames begin, seconds from the first one, in the order in which they are decoded. */
  shownTimesS(mediaSegment: MediaSegment): number[];
}

/** @throws MediaError `OUT_OF_RANGE` for times that no fragment can hold: those of damaged tables */
export async function hlsTimeline(joined: JoinedTrack): Promise<HlsTimeline> {
  const { samples, places, track, edits } = joined;
  const times = await fragmentTimes(joined);
  const { shiftTicks, firstShownTicks, endTicks } = times;
  const cuts = await cutAtSyncSamples(joined, times);
  keepLastFrames(joined, times, cuts);
  const mediaSegments = cuts.map((cut, index): MediaSegment => {
    const next = cuts[index + 1];
    const startTicks = index === 0 ? firstShownTicks : cut.composedTicks;
    const place = places.findLast(({ firstSample }) => firstSample <= cut.sample) ?? places[0];
    const sincePlaceMs = ((startTicks - shiftTicks - (place?.startTicks ?? 0)) * 1_000) / track.timescale;
    return {
      fromSample: cut.sample,
      toSample: next?.sample ?? samples.length,
      baseDecodeTicks: cut.decodeTicks,
      durationS: Math.max(1, (next?.composedTicks ?? endTicks) - startTicks) / track.timescale,
      startUtcMs: (place?.startUtcMs ?? 0) + sincePlaceMs,
      mediaStartS: (startTicks - firstShownTicks) / track.timescale,
    };
  });
  const streamStartS = Math.max(0, firstShownTicks - (cuts[0]?.decodeTicks ?? 0)) / track.timescale;
  const shownTimesS = shownTimesOf(samples, times, { edits, timescale: track.timescale });
  return { mediaSegments, streamStartS, fragmentSamples: fragmentsOf(samples, times), shownTimesS };
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
  /** Where that would be if none of the hidden ones behind it lasted one tick only. */
  readonly leadingWouldEndTicks: number;
  /** Composition times of hidden frames, by index. */
  readonly hidden: ReadonlyMap<number, number>;
  /** How long samples last, ticks, by index, where that is not as in the joined track. */
  readonly lasting: Map<number, number>;
}

async function fragmentTimes({ samples, edits, track }: JoinedTrack): Promise<FragmentTimes> {
  const [first, last] = [edits[0], edits.at(-1)];
  const firstShownTicks = ORIGIN_S * track.timescale;
  const shiftTicks = firstShownTicks - (first?.mediaStartTicks ?? 0);
  const endTicks = shiftTicks + (last?.mediaStartTicks ?? 0) + (last?.durationTicks ?? 0);
  const before: Placed[] = [];
  const after: Placed[] = [];
  let lastShownTicks = firstShownTicks;
  let leading = samples.length;
  let leadingEndTicks = firstShownTicks;
  await samples.visit((index, joinedTicks, _durationTicks, compositionOffsetTicks) => {
    const decodeTicks = shiftTicks + joinedTicks;
    const composedTicks = decodeTicks + compositionOffsetTicks;
    if (composedTicks < firstShownTicks) {
      before.push({ index, composedTicks });
      return;
    }
    if (leading > index) [leading, leadingEndTicks] = [index, decodeTicks];
    if (composedTicks >= endTicks) after.push({ index, composedTicks });
    else lastShownTicks = Math.max(lastShownTicks, composedTicks);
  });
  const hidden = new Map([
    ...inSingleTicks(before, firstShownTicks - before.length, 0),
    // Frames after the end are there only to decode others; this way the last picture is the last shown.
    ...inSingleTicks(after, lastShownTicks - after.length),
  ]);
  const lasting = new Map([...hidden.keys()].filter((index) => index >= leading).map((index) => [index, 1]));
  // Of those that are decoded after the first shown one; so much later everything before them is decoded.
  const late = before.filter(({ index }) => index >= leading);
  const laterTicks = late.reduce((sum, { index }) => sum + (samples.at(index)?.durationTicks ?? 1) - 1, 0);
  const leadingEnds = {
    leadingEndTicks: leadingEndTicks + laterTicks,
    leadingWouldEndTicks: leadingEndTicks,
  };
  return { shiftTicks, firstShownTicks, endTicks, leading, ...leadingEnds, hidden, lasting };
}

/**
 * A sample lasts until the next one is decoded, which before a place that is decoded anew may be earlier than its own
 * picture ends: players would take what follows for what is to be shown there, pre-roll at that. In a fragment the last
 * sample may last longer, as the next fragment says itself when its first one is decoded.
 */
function keepLastFrames(
  { samples, places }: JoinedTrack,
  { shiftTicks, hidden, lasting }: FragmentTimes,
  cuts: readonly Cut[],
): void {
  for (const cut of cuts.slice(1)) {
    const place = places.find(({ firstSample }) => firstSample === cut.sample);
    if (place === undefined) continue;
    let [decodeTicks, lastComposed] = [cut.decodeTicks, 0];
    let nextTicks = place.startTicks + shiftTicks;
    for (let index = cut.sample - 1; index >= Math.max(0, cut.sample - MOST_REORDERED); index -= 1) {
      const sample = samples.at(index);
      if (sample === undefined) break;
      decodeTicks -= sample.durationTicks;
      const composedTicks = hidden.get(index) ?? decodeTicks + sample.compositionOffsetTicks;
      if (index === cut.sample - 1) lastComposed = composedTicks;
      else if (composedTicks > lastComposed) nextTicks = Math.min(nextTicks, composedTicks);
    }
    if (nextTicks > lastComposed) lasting.set(cut.sample - 1, nextTicks - lastComposed);
  }
}

/** In a function of its own, as what it returns is kept, and with it whatever else it could see. */
function fragmentsOf(samples: JoinedSamples, times: FragmentTimes): HlsTimeline["fragmentSamples"] {
  return (mediaSegment) => samplesOf(samples, times, mediaSegment);
}

function shownTimesOf(
  samples: JoinedSamples,
  times: FragmentTimes,
  { edits, timescale }: { readonly edits: readonly Edit[]; readonly timescale: number },
): HlsTimeline["shownTimesS"] {
  return (mediaSegment) => {
    let decodeTicks = mediaSegment.baseDecodeTicks;
    return samplesOf(samples, times, mediaSegment).flatMap(
      ({ durationTicks, compositionOffsetTicks }, place) => {
        const composedTicks = decodeTicks + compositionOffsetTicks;
        decodeTicks += durationTicks;
        const isHidden = times.hidden.has(mediaSegment.fromSample + place);
        if (isHidden || !isShown(edits, composedTicks - times.shiftTicks)) return [];
        return [(composedTicks - times.firstShownTicks) / timescale];
      },
    );
  };
}

function samplesOf(
  samples: JoinedSamples,
  { leading, leadingWouldEndTicks, hidden, lasting }: FragmentTimes,
  { fromSample, toSample, baseDecodeTicks }: MediaSegment,
): PlacedSample[] {
  let [decodeTicks, wasDecodedTicks] = [baseDecodeTicks, baseDecodeTicks];
  return Array.from({ length: toSample - fromSample }, (_, place) => {
    const index = fromSample + place;
    const sample = samples.at(index);
    if (sample === undefined) throw new Error(`There is no sample ${index} of ${samples.length}.`);
    if (index === leading) wasDecodedTicks = leadingWouldEndTicks;
    const composedTicks = hidden.get(index) ?? wasDecodedTicks + sample.compositionOffsetTicks;
    const durationTicks = index < leading ? 1 : (lasting.get(index) ?? sample.durationTicks);
    const placed = { ...sample, durationTicks, compositionOffsetTicks: composedTicks - decodeTicks };
    decodeTicks += durationTicks;
    wasDecodedTicks += sample.durationTicks;
    return placed;
  });
}

/** Decode times in a fragment have no sign, and composition offsets 32 bits (ISO/IEC 14496-12, 8.8.8 and 8.8.12). */
function checkTimes(decodeTicks: number, compositionOffsetTicks: number): void {
  const isSound = decodeTicks >= 0 && Math.abs(compositionOffsetTicks) <= 0x7fff_ffff;
  if (isSound && Number.isSafeInteger(decodeTicks)) return;
  throw new MediaError("OUT_OF_RANGE", "Its times are further apart than those of a video can be.");
}

/** Where a media segment begins. */
interface Cut {
  readonly sample: number;
  readonly decodeTicks: number;
  readonly composedTicks: number;
}

async function cutAtSyncSamples(
  { samples, track, places }: JoinedTrack,
  times: FragmentTimes,
): Promise<Cut[]> {
  const anew = new Set(places.map(({ firstSample }) => firstSample));
  const { leading, leadingEndTicks, hidden, shiftTicks } = times;
  const wantedTicks = MEDIA_SEGMENT_S * track.timescale;
  const cuts: Cut[] = [];
  let startTicks = 0;
  await samples.visit((sample, joinedTicks, _durationTicks, compositionOffsetTicks, isSync) => {
    const decodeTicks = sample < leading ? leadingEndTicks - leading + sample : shiftTicks + joinedTicks;
    const composedTicks = hidden.get(sample) ?? decodeTicks + compositionOffsetTicks;
    checkTimes(decodeTicks, composedTicks - decodeTicks);
    // The first media segment is as long as what it shows.
    if (sample === leading) startTicks = composedTicks;
    const isLongEnough = composedTicks - startTicks >= wantedTicks || anew.has(sample);
    const isDue = sample > leading && isSync && isLongEnough;
    if (sample === 0 || isDue) cuts.push({ sample, decodeTicks, composedTicks });
    if (isDue) startTicks = composedTicks;
  });
  return cuts;
}

/** So far may dates lag behind the pictures before them and still be those of one clock. */
const DATES_SLACK_S = 0.5;

/**
 * A VOD playlist. Where the clock of what was recorded goes back it has no dates: players take them for positions, and
 * fetch the wrong media segments. The first media segment lasts, and is dated, from its first frame on, shown or not:
 * players add durations up to positions, and hold the end of the last media segment for the end of what one can be sent
 * to.
 * @param addresses of the initialization segment and of each media segment by its number
 */
export function hlsPlaylist(
  { mediaSegments: shown, streamStartS }: Pick<HlsTimeline, "mediaSegments" | "streamStartS">,
  addresses: { readonly init: string; readonly mediaSegment: (index: number) => string },
): string {
  const mediaSegments = shown.map(({ durationS, startUtcMs }, index) =>
    index === 0
      ? { durationS: durationS + streamStartS, startUtcMs: startUtcMs - streamStartS * 1_000 }
      : { durationS, startUtcMs },
  );
  // There may be more of them than a function takes arguments.
  const longestS = mediaSegments.reduce((longest, { durationS }) => Math.max(longest, durationS), 0);
  const lines = ["#EXTM3U", "#EXT-X-VERSION:7", `#EXT-X-TARGETDURATION:${Math.ceil(longestS)}`];
  lines.push("#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-INDEPENDENT-SEGMENTS", `#EXT-X-MAP:URI="${addresses.init}"`);
  const isDated = mediaSegments.every(({ startUtcMs }, index) => {
    const before = mediaSegments[index - 1];
    return (
      before === undefined || startUtcMs >= before.startUtcMs + (before.durationS - DATES_SLACK_S) * 1_000
    );
  });
  mediaSegments.forEach((mediaSegment, index) => {
    if (isDated) lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(mediaSegment.startUtcMs).toISOString()}`);
    lines.push(`#EXTINF:${mediaSegment.durationS.toFixed(6)},`, addresses.mediaSegment(index));
  });
  return [...lines, "#EXT-X-ENDLIST", ""].join("\n");
}
