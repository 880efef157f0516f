import { MediaError } from "./media-error.ts";
import type { ProgressiveTrack } from "./progressive-reader.ts";
import { SampleColumns } from "./sample-columns.ts";
import type { Edit } from "./track.ts";

/** A stretch of a file that is shown without a break, and the samples that it needs. */
export interface ShownPart {
  /** In decode order; the first is decoded at 0. */
  readonly samples: SampleColumns;
  /** What all samples last. */
  readonly mediaTicks: number;
  /** Composition times shown: [from, to), ticks. Frames composed before are pre-roll. */
  readonly shownFromTicks: number;
  readonly shownToTicks: number;
  /** When it begins in the presentation of the file, ticks. */
  readonly startTicks: number;
}

/** A file that is put together of more pieces was made to be a burden. */
const MOST_EDITS = 1_000;
const MOST_WORK = 100_000_000;

/**
 * What a file shows, in the order in which it shows it: edits can leave time out, repeat it, put it elsewhere, and show
 * nothing for a while (ISO/IEC 14496-12, 8.6.6).
 * @returns one part where it is shown from one instant to another, as nearly every file
 * @throws MediaError `NO_SAMPLES` when nothing is shown
 */
export function shownParts({ samples, edits }: Pick<ProgressiveTrack, "samples" | "edits">): ShownPart[] {
  if (edits.length > MOST_EDITS || edits.length * samples.length > MOST_WORK)
    throw new MediaError("UNSUPPORTED", `It is put together of ${edits.length} pieces.`);
  const times = new CompositionTimes(samples);
  const pieces = piecesOf(edits, times);
  const parts = pieces.flatMap((piece) => (pieces.length === 1 ? times.whole(piece) : times.cut(piece)));
  if (parts.length === 0) throw new MediaError("NO_SAMPLES", "It shows no picture at any time.");
  return parts;
}

interface Piece {
  readonly fromTicks: number;
  readonly toTicks: number;
  readonly startTicks: number;
}

/** Edits that go on where the one before ended are one piece. */
function piecesOf(edits: readonly Edit[], times: CompositionTimes): Piece[] {
  if (edits.length === 0) return [{ fromTicks: times.earliest, toTicks: times.latestEnd, startTicks: 0 }];
  const pieces: Piece[] = [];
  let startTicks = 0;
  for (const { mediaStartTicks, durationTicks } of edits) {
    const last = pieces.at(-1);
    const isShown = mediaStartTicks >= 0 && durationTicks > 0;
    const goesOn =
      last?.toTicks === mediaStartTicks && last.startTicks + last.toTicks - last.fromTicks === startTicks;
    const toTicks = mediaStartTicks + durationTicks;
    if (isShown && last !== undefined && goesOn) pieces[pieces.length - 1] = { ...last, toTicks };
    else if (isShown) pieces.push({ fromTicks: mediaStartTicks, toTicks, startTicks });
    startTicks += durationTicks;
  }
  return pieces;
}

class CompositionTimes {
  readonly earliest: number = Infinity;
  readonly latestEnd: number = 0;
  readonly #samples: SampleColumns;
  readonly #decode: Float64Array;
  readonly #mediaTicks: number;

  constructor(samples: SampleColumns) {
    this.#samples = samples;
    this.#decode = new Float64Array(samples.length);
    let decodeTicks = 0;
    for (let index = 0; index < samples.length; index += 1) {
      this.#decode[index] = decodeTicks;
      const composed = this.#composed(index);
      const durationTicks = samples.durationsTicks[index] ?? 0;
      this.earliest = Math.min(this.earliest, composed);
      this.latestEnd = Math.max(this.latestEnd, composed + durationTicks);
      decodeTicks += durationTicks;
    }
    this.#mediaTicks = decodeTicks;
  }

  /** All samples; the piece says what of them is shown. */
  whole({ fromTicks, toTicks, startTicks }: Piece): ShownPart[] {
    const shownToTicks = Math.min(this.latestEnd, toTicks);
    let hasFrame = false;
    for (let index = 0; index < this.#samples.length && !hasFrame; index += 1)
      hasFrame = this.#isWithin(index, fromTicks, shownToTicks);
    if (!hasFrame) return [];
    const from = { shownFromTicks: fromTicks, shownToTicks };
    return [{ samples: this.#samples, mediaTicks: this.#mediaTicks, ...from, startTicks }];
  }

  /** The samples that one piece of several needs. */
  cut({ fromTicks, toTicks, startTicks }: Piece): ShownPart[] {
    let [first, last, firstTicks, endTicks] = [-1, -1, Infinity, 0];
    for (let index = 0; index < this.#samples.length; index += 1) {
      if (!this.#isWithin(index, fromTicks, toTicks)) continue;
      if (first < 0) first = index;
      last = index;
      firstTicks = Math.min(firstTicks, this.#composed(index));
      endTicks = Math.max(endTicks, this.#composed(index) + (this.#samples.durationsTicks[index] ?? 0));
    }
    if (first < 0) return [];
    while (first > 0 && !(this.#samples.syncs[first] === 1 && this.#composed(first) <= firstTicks))
      first -= 1;
    const baseTicks = this.#decode[first] ?? 0;
    const samples = new SampleColumns(last + 1 - first);
    for (let index = first; index <= last; index += 1) samples.set(index - first, this.#samples.at(index)!);
    const mediaTicks = (this.#decode[last] ?? 0) + (this.#samples.durationsTicks[last] ?? 0) - baseTicks;
    const shownFromTicks = fromTicks - baseTicks;
    return [
      {
        samples,
        mediaTicks,
        shownFromTicks,
        shownToTicks: Math.min(endTicks, toTicks) - baseTicks,
        startTicks,
      },
    ];
  }

  #composed(index: number): number {
    return (this.#decode[index] ?? 0) + (this.#samples.compositionOffsetsTicks[index] ?? 0);
  }

  #isWithin(index: number, fromTicks: number, toTicks: number): boolean {
    const composed = this.#composed(index);
    return composed >= fromTicks && composed < toTicks;
  }
}
