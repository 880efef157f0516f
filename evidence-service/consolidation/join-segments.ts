/**
 * Joins the segments of an evidence into one video track without touching a byte of the pictures.
 * 1. Times are counted from the first segment; its own pre-roll stays, hidden by the edit.
 * 2. A later segment whose pre-roll repeats the last frames already there is continued directly:
 *    the repeated samples are left out and the decoder goes on from the originals.
 * 3. Where footage is missing in between, the last frame lasts until the next one.
 * 4. Pre-roll that repeats nothing (after a gap) is kept, in a few ticks between two edits.
 * 5. Frames after the end of what a segment shows, there only to decode others, are hidden the same way unless the next
 *    one begins with them: their instants are not those at which they would be shown.
 * 6. Where the picture's format changes, parameter sets stand in front of key frames (docs/decisions/0012).
 */
import { setImmediate as yieldToOthers } from "node:timers/promises";
import { commonPicture, type CommonPicture } from "#media/common-picture.ts";
import { MediaError } from "#media/media-error.ts";
import type { Edit } from "#media/progressive-writer.ts";
import type { Track } from "#media/track.ts";
import { formatUtc } from "#shared/words/instants.ts";
import { inSingleTicks, type Placed } from "./hidden-samples.ts";
import { JoinedSamples } from "./joined-samples.ts";
import {
  commonTimescale,
  inTimescale,
  MOST_REORDERED,
  preRoll,
  type PreRoll,
  type SegmentTrack,
} from "./segment-track.ts";
import { isTurnedAlike } from "./same-format.ts";
import { Unreadable } from "../decryption/unreadable.ts";

/** Where a segment stands in the joined track. */
export interface SegmentPlace {
  readonly source: number;
  /** Composition time of its first shown frame in the joined track, ticks. */
  readonly startTicks: number;
  /** The wall-clock instant of that. */
  readonly startUtcMs: number;
  /** Index of its first sample in the joined track. */
  readonly firstSample: number;
}

export interface JoinedTrack {
  readonly track: Track;
  readonly samples: JoinedSamples;
  /** Parameter sets that samples name as theirs. */
  readonly literals: readonly Buffer[];
  readonly edits: readonly Edit[];
  readonly places: readonly SegmentPlace[];
}

/** A difference of clocks up to this long is no gap: starts are asked instants, frames come when they come. */
const CLOCK_SLACK_MS = 100;
/** How many frames beyond the pre-roll may repeat what is there (frames kept only for decoding others). */
const MAX_EXTRA_REPEATS = MOST_REORDERED;

const NONE: PreRoll = { count: 0, endTicks: 0, hidden: [] };

interface MovedSample {
  readonly index: number;
  readonly decodeTicks: number;
  readonly wasDecodedTicks: number;
}
const NO_SAMPLE = { durationTicks: 0, compositionOffsetTicks: 0 };

/**
 * @param segments in the order of their start; at least one
 * @param signal aborts when nobody waits for it any more
 * @throws Unreadable FORMAT_CHANGED when the segments' pictures are of different codecs
 * @throws MediaError for times that no file can hold
 */
export async function joinSegments(
  segments: readonly SegmentTrack[],
  signal?: AbortSignal,
): Promise<JoinedTrack> {
  const [coarse, ...later] = segments;
  if (coarse === undefined) throw new Unreadable("NO_VIDEO", "There is no video among the files.");
  const timescale = commonTimescale(segments);
  const first = inTimescale(coarse, timescale);
  const picture = pictureOf(first, later);
  const joining = new Joining(first, picture);
  for (const [index, segment] of later.entries()) {
    joining.append(inTimescale(segment, timescale), picture.literalOf[index + 1]);
    signal?.throwIfAborted();
    await yieldToOthers(); // An hour has 90,000 frames; uploads must not wait for a whole day's.
  }
  return joining.result();
}

/** @throws Unreadable */
function pictureOf(first: SegmentTrack, later: readonly SegmentTrack[]): CommonPicture {
  const turned = later.find(({ track }) => !isTurnedAlike(track, first.track));
  if (turned !== undefined) {
    const when = formatUtc(turned.startUtcMs, "millisecond");
    const why = `The picture is turned in another way from ${when} on, so the segments cannot be shown as one video`;
    throw new Unreadable("FORMAT_CHANGED", `${why}; each can be downloaded.`);
  }
  try {
    const picture = commonPicture(first, later);
    if (picture.kind === "common") return picture;
    const when = formatUtc([first, ...later][picture.part]?.startUtcMs ?? 0, "millisecond");
    const why = `The camera's picture codec changed at ${when}, so the segments cannot be shown as one video`;
    throw new Unreadable("FORMAT_CHANGED", `${why}; each can be downloaded.`);
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    const why =
      "What the files say of their picture is damaged, so that they cannot be shown; each can be downloaded.";
    throw new Unreadable(error.code, why, { cause: error });
  }
}

/** A segment that comes next, and where it begins in the video. */
interface AddedSegment {
  readonly segment: SegmentTrack;
  readonly startTicks: number;
  /** Stands in front of its key frames. */
  readonly literal: number | undefined;
}

class Joining {
  readonly #first: SegmentTrack;
  readonly #picture: CommonPicture;
  readonly #samples = new JoinedSamples();
  readonly #places: SegmentPlace[] = [];
  readonly #edits: Edit[] = [];
  /** Where the next sample is decoded, and where what is shown so far ends. */
  #decodeEnd = 0;
  #shownEnd: number;
  #editStart: number;

  constructor(first: SegmentTrack, picture: CommonPicture) {
    this.#first = first;
    this.#picture = picture;
    this.#editStart = first.shownFromTicks;
    this.#shownEnd = first.shownToTicks;
    this.#places.push(this.#place(first, first.shownFromTicks));
    this.#append(first, 0, picture.literalOf[0]);
    this.#decodeEnd = first.mediaTicks;
  }

  /** @param literal stands in front of its key frames */
  append(segment: SegmentTrack, literal: number | undefined): void {
    const { expected, contiguous } = this.#whereItBelongs(segment);
    const hidden = preRoll(segment);
    const repeated = contiguous ? this.#repeatedSamples(segment, hidden, literal) : null;
    if (repeated === null) this.#hideAfterEnd();
    if (repeated !== null) this.#continue({ segment, startTicks: this.#shownEnd, literal }, repeated);
    else if (hidden.hidden.length === 0) this.#continue({ segment, startTicks: expected, literal }, NONE);
    else this.#restart({ segment, startTicks: expected, literal }, hidden);
  }

  result(): JoinedTrack {
    const edits = [
      ...this.#edits,
      { mediaStartTicks: this.#editStart, durationTicks: this.#shownEnd - this.#editStart },
    ];
    return {
      track: { ...this.#picture.track, trackId: 1 },
      samples: this.#samples,
      literals: this.#picture.literals,
      edits,
      places: this.#places,
    };
  }

  #whereItBelongs(segment: SegmentTrack): { expected: number; contiguous: boolean } {
    const { timescale } = this.#first.track;
    const sinceFirstMs = segment.startUtcMs - this.#first.startUtcMs;
    const byClock = this.#first.shownFromTicks + Math.round((sinceFirstMs * timescale) / 1_000);
    const lastFrame = this.#samples.at(-1)?.durationTicks ?? 0;
    const slack = Math.max((CLOCK_SLACK_MS * timescale) / 1_000, Math.min(2 * lastFrame, 2 * timescale));
    const contiguous = byClock - this.#shownEnd <= slack;
    return { expected: contiguous ? this.#shownEnd : byClock, contiguous };
  }

  /**
   * Compares lengths in the joined file: of two neighbours one may hold in its key frame what the other is given.
   * @returns the segment's first samples that are already the last ones here; null: they are not
   */
  #repeatedSamples(segment: SegmentTrack, hidden: PreRoll, literal: number | undefined): PreRoll | null {
    const { samples } = segment;
    const most = Math.min(hidden.count + MAX_EXTRA_REPEATS, samples.length, this.#samples.length);
    let { count, endTicks } = hidden;
    for (; count <= most; count += 1) {
      if (this.#endsWith(segment, count, literal)) return { count, endTicks, hidden: [] };
      endTicks += samples.at(count)?.durationTicks ?? 0;
    }
    return null;
  }

  #endsWith({ samples }: SegmentTrack, count: number, literal: number | undefined): boolean {
    const start = this.#samples.length - count;
    for (let index = 0; index < count; index += 1) {
      const [sample, here] = [samples.at(index), this.#samples.at(start + index)];
      if (sample === undefined || here === undefined || here.isSync !== sample.isSync) return false;
      const sizeBytes = sample.sizeBytes + this.#literalBytes(sample.isSync ? literal : undefined);
      if (here.sizeBytes + this.#literalBytes(here.literal) !== sizeBytes) return false;
    }
    return true;
  }

  #literalBytes(literal: number | undefined): number {
    return literal === undefined ? 0 : (this.#picture.literals[literal]?.length ?? 0);
  }

  /** Puts frames that are composed after the end, in single ticks, before the last one that is shown, between two edits. */
  #hideAfterEnd(): void {
    const after: Placed[] = [];
    const firstSample = this.#places.at(-1)?.firstSample ?? 0;
    let [decodeTicks, lastShown] = [this.#decodeEnd, -Infinity];
    let index = this.#samples.length;
    while (index > firstSample && this.#samples.length - index <= MOST_REORDERED) {
      index -= 1;
      const { durationTicks, compositionOffsetTicks } = this.#samples.at(index) ?? NO_SAMPLE;
      decodeTicks -= durationTicks;
      const composedTicks = decodeTicks + compositionOffsetTicks;
      if (composedTicks >= this.#shownEnd) after.unshift({ index, composedTicks });
      else lastShown = Math.max(lastShown, composedTicks);
    }
    const hiddenFrom = lastShown - after.length;
    if (after.length === 0 || hiddenFrom <= this.#editStart) return;
    const from = { index, decodeTicks, wasDecodedTicks: decodeTicks };
    this.#hide(from, inSingleTicks(after, hiddenFrom), this.#samples.length - 1);
    this.#edits.push({ mediaStartTicks: this.#editStart, durationTicks: hiddenFrom - this.#editStart });
    this.#editStart = lastShown;
  }

  /**
   * Gives samples other composition times; they last one tick, and what is shown keeps its times.
   * @param from where it is begun to look; when that is decoded now, and was by the segment's own durations
   * @param composed times by index, ticks
   * @param toIndex the last one that is decoded at another time than before
   */
  #hide(from: MovedSample, composed: ReadonlyMap<number, number>, toIndex: number): void {
    let { decodeTicks, wasDecodedTicks } = from;
    for (let index = from.index; index <= toIndex; index += 1) {
      const sample = this.#samples.at(index) ?? NO_SAMPLE;
      const durationTicks = composed.has(index) ? 1 : sample.durationTicks;
      const composedTicks = composed.get(index) ?? wasDecodedTicks + sample.compositionOffsetTicks;
      this.#samples.setTimes(index, { durationTicks, compositionOffsetTicks: composedTicks - decodeTicks });
      decodeTicks += durationTicks;
      wasDecodedTicks += sample.durationTicks;
    }
    if (toIndex === this.#samples.length - 1) this.#decodeEnd = decodeTicks;
  }

  /** Appends the samples after the given first ones, so that the first shown frame is composed at `startTicks`. */
  #continue({ segment, startTicks, literal }: AddedSegment, after: PreRoll): void {
    const wantedDecode = startTicks + after.endTicks - segment.shownFromTicks;
    const start = startTicks + this.#stretchLast(wantedDecode);
    this.#places.push(this.#place(segment, start));
    this.#append(segment, after.count, literal);
    this.#decodeEnd += segment.mediaTicks - after.endTicks;
    this.#shownEnd = start + segment.shownToTicks - segment.shownFromTicks;
  }

  /** Appends the segment with its pre-roll in single ticks before `startTicks`, between two edits. */
  #restart({ segment, startTicks, literal }: AddedSegment, hidden: PreRoll): void {
    const firstDecode = hidden.endTicks - segment.shownFromTicks;
    // Those that are decoded after a shown one last a tick too: so much later everything before them is decoded.
    const late = hidden.hidden.filter(({ index }) => index >= hidden.count).map(({ index }) => index);
    const laterTicks = late.reduce(
      (sum, index) => sum + (segment.samples.at(index)?.durationTicks ?? 1) - 1,
      0,
    );
    const wantedDecode = startTicks + firstDecode - hidden.count + laterTicks;
    const start = startTicks + this.#stretchLast(wantedDecode);
    const endTicks = start - hidden.hidden.length;
    this.#edits.push({
      mediaStartTicks: this.#editStart,
      durationTicks: Math.max(1, endTicks - this.#editStart),
    });
    this.#editStart = start;
    this.#places.push(this.#place(segment, start));
    const firstSample = this.#samples.length;
    this.#append(segment, 0, literal);
    const placed = hidden.hidden.map(({ index, ...rest }) => ({ ...rest, index: firstSample + index }));
    const composed = inSingleTicks(placed, endTicks, firstSample);
    for (let index = firstSample; index < firstSample + hidden.count; index += 1) {
      const compositionOffsetTicks = (composed.get(index) ?? endTicks) - this.#decodeEnd;
      this.#samples.setTimes(index, { durationTicks: 1, compositionOffsetTicks });
      this.#decodeEnd += 1;
    }
    const wasDecodedTicks = this.#decodeEnd - laterTicks;
    const from = { index: firstSample + hidden.count, decodeTicks: this.#decodeEnd, wasDecodedTicks };
    this.#hide(from, composed, firstSample + (late.at(-1) ?? -1));
    this.#decodeEnd = wasDecodedTicks + segment.mediaTicks - hidden.endTicks;
    this.#shownEnd = start + segment.shownToTicks - segment.shownFromTicks;
  }

  /**
   * Makes the last sample last until the wanted decode time, at least one tick.
   * @returns by how many ticks the wish was missed
   */
  #stretchLast(wantedDecode: number): number {
    const index = this.#samples.length - 1;
    const last = this.#samples.at(index);
    if (last === undefined) return 0;
    const durationTicks = Math.max(1, last.durationTicks + wantedDecode - this.#decodeEnd);
    if (durationTicks === last.durationTicks) return this.#decodeEnd - wantedDecode;
    this.#decodeEnd += durationTicks - last.durationTicks;
    const { compositionOffsetTicks } = last;
    this.#samples.setTimes(index, { durationTicks, compositionOffsetTicks });
    return this.#decodeEnd - wantedDecode;
  }

  #place(segment: SegmentTrack, startTicks: number): SegmentPlace {
    const { source, startUtcMs } = segment;
    return { source, startTicks, startUtcMs, firstSample: this.#samples.length };
  }

  #append({ samples, source }: SegmentTrack, from: number, literal: number | undefined): void {
    this.#samples.append({ samples, firstInSegment: from, source, literal });
  }
}

/** Whether a frame composed at this time is shown by the edits. */
export function isShown(edits: readonly Edit[], composedTicks: number): boolean {
  return edits.some(
    ({ mediaStartTicks, durationTicks }) =>
      composedTicks >= mediaStartTicks && composedTicks < mediaStartTicks + durationTicks,
  );
}
