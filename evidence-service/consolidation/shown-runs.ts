import { MediaError } from "#media/media-error.ts";
import type { WebShownRun } from "#shared/web-api/web-api.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import { isShown, type JoinedTrack } from "./join-segments.ts";

/** A frame that lasts longer than this, and much longer than the usual, stands for missing footage. */
const GAP_MIN_S = 2;
const GAP_MIN_FRAMES = 5;

/**
 * Frames are decoded in another order than shown, but never further apart than this: 16 in H.264 and H.265, and where
 * segments meet, those of the earlier one that are there only to decode others.
 */
const MOST_REORDERED = 64;

/** More than a day of nothing but gaps has; each is told to the page, and drawn there. */
const MOST_RUNS = 50_000;

/** Two clocks that say the same to so many milliseconds are one: it is less than any camera's frame. */
const SAME_CLOCK_MS = 5;

/**
 * Counts the frames that are shown, and finds the stretches without a break among them: neither footage is missing
 * there, nor does the clock of what was recorded go back or on.
 * @throws MediaError `OUT_OF_RANGE` where frames are further from their order than any decoder allows: damaged tables;
 *   `UNSUPPORTED` where there are more stretches than can be shown
 */
export async function shownRuns(joined: JoinedTrack): Promise<{ frameCount: number; runs: WebShownRun[] }> {
  const { samples, edits, track } = joined;
  const times = new ShownTimes(GAP_MIN_S * track.timescale, clockBreaks(joined));
  await samples.visit((_index, decodeTicks, _durationTicks, compositionOffsetTicks) => {
    const composed = decodeTicks + compositionOffsetTicks;
    if (isShown(edits, composed)) times.add(composed);
  });
  times.end();
  const usual = times.usualStep();
  const longest = Math.max(GAP_MIN_S * track.timescale, GAP_MIN_FRAMES * usual);
  const last = edits.at(-1);
  const endTicks = last === undefined ? 0 : last.mediaStartTicks + last.durationTicks;
  const runs: WebShownRun[] = [];
  let runStart = times.firstTicks;
  for (const { fromTicks, toTicks, isClockBreak } of times.breaks) {
    const isGap = toTicks - fromTicks > longest;
    if (!isGap && !isClockBreak) continue;
    runs.push(describe(joined, runStart, isGap ? fromTicks + usual : toTicks));
    if (runs.length === MOST_RUNS) {
      throw new MediaError("UNSUPPORTED", `Footage is missing in it more than ${MOST_RUNS} times.`);
    }
    runStart = toTicks;
  }
  const { lastTicks } = times;
  if (times.count > 0)
    runs.push(describe(joined, runStart, endTicks - lastTicks <= longest ? endTicks : lastTicks + usual));
  return { frameCount: times.count, runs };
}

interface Step {
  readonly fromTicks: number;
  readonly toTicks: number;
  readonly isClockBreak: boolean;
}

/** Where places begin whose clock is another one than that of the footage before, ticks, ascending. */
function clockBreaks({ places, track }: JoinedTrack): number[] {
  let [origin] = places;
  const breaks: number[] = [];
  for (const place of places) {
    if (origin === undefined) continue;
    const sinceMs = ((place.startTicks - origin.startTicks) * 1_000) / track.timescale;
    if (Math.abs(origin.startUtcMs + sinceMs - place.startUtcMs) <= SAME_CLOCK_MS) continue;
    breaks.push(place.startTicks);
    origin = place;
  }
  return breaks;
}

/** What is to be known of the times of shown frames. They come in order of decoding; a day's two million are not kept. */
class ShownTimes {
  /** Long steps, and those over which the clock changes. */
  readonly breaks: Step[] = [];
  firstTicks = 0;
  lastTicks = 0;
  count = 0;
  readonly #longTicks: number;
  readonly #steps = new Map<number, number>();
  /** Ascending; what is shown before the first of them has been counted. */
  readonly #waiting: number[] = [];
  readonly #clockBreaks: readonly number[];
  #clockBreaksPassed = 0;

  constructor(longTicks: number, clockBreaks: readonly number[]) {
    this.#longTicks = longTicks;
    this.#clockBreaks = clockBreaks;
  }

  add(ticks: number): void {
    let place = this.#waiting.push(ticks) - 1;
    for (; place > 0; place -= 1) {
      const before = this.#waiting[place - 1] ?? 0;
      if (before <= ticks) break;
      this.#waiting[place] = before;
    }
    this.#waiting[place] = ticks;
    if (this.#waiting.length > MOST_REORDERED) this.#count(this.#waiting.shift() ?? 0);
  }

  end(): void {
    for (const ticks of this.#waiting.splice(0)) this.#count(ticks);
  }

  /** The median of two frames' distance, ticks. */
  usualStep(): number {
    let before = 0;
    for (const [step, times] of [...this.#steps].toSorted(([a], [b]) => a - b)) {
      before += times;
      if (before > (this.count - 1) / 2) return step;
    }
    return 1;
  }

  #count(ticks: number): void {
    if (this.count === 0) this.firstTicks = ticks;
    else {
      const step = ticks - this.lastTicks;
      if (step < 0)
        throw new MediaError(
          "OUT_OF_RANGE",
          "Its frames are too far from the order in which they are shown.",
        );
      this.#steps.set(step, (this.#steps.get(step) ?? 0) + 1);
      const isClockBreak = this.#passClockBreaks(ticks);
      if (isClockBreak || step > this.#longTicks)
        this.breaks.push({ fromTicks: this.lastTicks, toTicks: ticks, isClockBreak });
    }
    this.lastTicks = ticks;
    this.count += 1;
  }

  #passClockBreaks(ticks: number): boolean {
    const before = this.#clockBreaksPassed;
    while ((this.#clockBreaks[this.#clockBreaksPassed] ?? Infinity) <= ticks) this.#clockBreaksPassed += 1;
    return this.#clockBreaksPassed > before;
  }
}

function describe(joined: JoinedTrack, startTicks: number, endTicks: number): WebShownRun {
  const { timescale } = joined.track;
  const first = joined.edits[0]?.mediaStartTicks ?? 0;
  const startUtcMs = wallClockMs(joined, startTicks);
  return {
    startUtc: isoInstant(startUtcMs),
    // By the clock of its start: at its end another may begin.
    endUtc: isoInstant(startUtcMs + ((endTicks - startTicks) * 1_000) / timescale),
    mediaStartS: Math.max(0, startTicks - first) / timescale,
  };
}

/** The wall-clock instant of a composition time, milliseconds UTC. */
export function wallClockMs(joined: JoinedTrack, ticks: number): number {
  const place = joined.places.findLast((candidate) => candidate.startTicks <= ticks) ?? joined.places[0];
  const sincePlace = ticks - (place?.startTicks ?? 0);
  return (place?.startUtcMs ?? 0) + (sincePlace * 1_000) / joined.track.timescale;
}
