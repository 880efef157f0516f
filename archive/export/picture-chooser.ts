import type { SampleBatch } from "#media/progressive-writer.ts";
import type { FootageFileRow } from "../index/index-rows.ts";
import { instantUs } from "../index/session-clock.ts";
import type { FileClock } from "./file-clock.ts";
import { PackedSamples } from "./packed-samples.ts";
import {
  timeSamples,
  TrackTime,
  type InstantRange,
  type SampleOrigin,
  type TimedSample,
} from "./timed-samples.ts";

/** What is shown of an export's picture. */
export interface ShownPicture {
  readonly frames: number;
  /** Frames in the file before the first shown one, needed to decode it. */
  readonly preRollFrames: number;
  /** Frames between shown ones, where footage of another session ends in the middle of a GOP of this one. */
  readonly innerFrames: number;
  /** Frames behind the range that the last shown ones need: a B-frame its next P-frame. */
  readonly trailingFrames: number;
  /** Composition time of the first shown frame, and the end of the last, in ticks of the file. */
  readonly startTicks: number;
  readonly endTicks: number;
  readonly firstFrameUs: number;
  readonly lastFrameUs: number;
  readonly endUs: number;
}

/**
 * Chooses the frames of an export footage file by footage file, in order of time. A frame is shown when it starts in
 * the range; before the first one come the frames from the key frame that it needs. Later frames are left out, except
 * where a shown frame depends on them in decode order.
 */
export class PictureChooser {
  readonly #range: InstantRange;
  readonly #fileClock: FileClock;
  readonly #time = new TrackTime();
  /** The last GOP before anything was shown, and the footage file that it is of. */
  #held: { readonly row: FootageFileRow; readonly samples: readonly TimedSample[] } | undefined;
  /** The footage file that was added to last, and how many of its frames are in the file. */
  #last: { readonly rowId: number; readonly taken: number } | undefined;
  #shown: ShownPicture | undefined;

  constructor(range: InstantRange, fileClock: FileClock) {
    this.#range = range;
    this.#fileClock = fileClock;
  }

  /** Undefined as long as no frame is shown. */
  get shown(): ShownPicture | undefined {
    return this.#shown;
  }

  /**
   * @param packed made by `packSamples`
   * @returns what of the footage file, and of the one before it, is in the file; undefined when nothing is shown
   */
  choose(row: FootageFileRow, packed: Buffer, origin: SampleOrigin): SampleBatch | undefined {
    return this.#whole(row, packed, origin) ?? this.#part(row, packed, origin);
  }

  /** A footage file that is shown wholly is taken as it is: a day has thousands of them. */
  #whole(
    row: FootageFileRow,
    packed: Buffer,
    { clock, source, literal }: SampleOrigin,
  ): SampleBatch | undefined {
    const before = this.#shown;
    if (before === undefined || !isWholeWithin(row, this.#range)) return undefined;
    const samples = new PackedSamples(packed, source, literal);
    const batch = this.#time.wholeBatch(samples, this.#fileClock, clock);
    if (batch === undefined) return undefined;
    this.#last = { rowId: row.id, taken: samples.length };
    this.#shown = {
      ...before,
      frames: before.frames + samples.length,
      endTicks: Math.max(before.endTicks, this.#fileClock.converter(clock)(samples.shownEndTicks)),
      lastFrameUs: Math.max(before.lastFrameUs, instantUs(clock, samples.lastShownTicks)),
      endUs: Math.max(before.endUs, instantUs(clock, samples.shownEndTicks)),
    };
    return batch;
  }

  #part(row: FootageFileRow, packed: Buffer, origin: SampleOrigin): SampleBatch | undefined {
    const startUs = Math.max(this.#range.startUs, row.shownStartUs);
    const endUs = Math.min(this.#range.endUs, row.shownEndUs);
    const isShown = ({ shownUs }: TimedSample): boolean => shownUs >= startUs && shownUs < endUs;
    const timed = timeSamples(packed, origin, this.#fileClock);
    const lastShown = timed.findLastIndex(isShown);
    if (lastShown < 0) {
      if (this.#shown === undefined) this.#hold(row, timed);
      return undefined;
    }
    // What follows the last shown frame of a footage file is needed by nothing that is shown.
    const upToLast = this.#beforeTakeOver(row, timed.slice(0, lastShown + 1));
    const { chosen, innerFrames } = this.#withWhatIsNeeded(row, upToLast, isShown);
    this.#last = { rowId: row.id, taken: lastShown + 1 };
    this.#noteShown(chosen, isShown, innerFrames);
    return this.#time.toBatch(chosen);
  }

  #withWhatIsNeeded(
    row: FootageFileRow,
    timed: readonly TimedSample[],
    isShown: (sample: TimedSample) => boolean,
  ): { readonly chosen: readonly TimedSample[]; readonly innerFrames: number } {
    if (this.#shown === undefined) return { chosen: this.#fromKeyFrame(row, timed, isShown), innerFrames: 0 };
    const taken = this.#last?.rowId === row.id ? this.#last.taken : 0;
    if (taken > 0) return { chosen: timed.slice(taken), innerFrames: 0 };
    if (row.fromUs === row.startUs) return { chosen: timed, innerFrames: 0 };
    return this.#behindAnother(row, this.#fromKeyFrame(row, timed, isShown), isShown);
  }

  /**
   * Where footage of another session ends within a GOP, the frames that its rest needs cannot be hidden in the middle
   * of a file: each of them is there for one tick, which no screen shows, and they are counted.
   */
  #behindAnother(
    row: FootageFileRow,
    timed: readonly TimedSample[],
    isShown: (sample: TimedSample) => boolean,
  ): { readonly chosen: readonly TimedSample[]; readonly innerFrames: number } {
    const needed = timed.filter((sample) => !isShown(sample) && sample.shownUs < row.shownStartUs);
    const order = needed.toSorted((a, b) => a.shownTicks - b.shownTicks);
    const places = new Map(order.map((sample, place) => [sample, place]));
    const startTicks = this.#fileClock.at(row.shownStartUs) - needed.length;
    const chosen = timed.map((sample) => {
      const place = places.get(sample);
      if (place === undefined) return sample;
      const shownTicks = startTicks + place;
      return { ...sample, decodeTicks: shownTicks, shownTicks, shownEndTicks: shownTicks + 1 };
    });
    return { chosen, innerFrames: needed.length };
  }

  /**
   * Where another session takes over, a shown frame can need one that comes after it (a B-frame its next P-frame).
   * Nothing could hide that frame in the middle of a file: it is shown too, and the frames since the last one that
   * needs none share the time up to the other session.
   */
  #beforeTakeOver(row: FootageFileRow, timed: readonly TimedSample[]): readonly TimedSample[] {
    if (row.toUs >= row.endUs || row.shownEndUs > this.#range.endUs) return timed;
    const first = timed.findIndex(({ shownUs }) => shownUs >= row.shownEndUs);
    if (first < 0) return timed;
    const shared = timed.slice(first).toSorted((a, b) => a.shownTicks - b.shownTicks);
    const places = new Map(shared.map((sample, place) => [sample, place]));
    const untilTicks = this.#fileClock.at(row.shownEndUs);
    const fromTicks = Math.min(shared[0]?.shownTicks ?? untilTicks, untilTicks - shared.length);
    const ticksAt = (place: number): number =>
      Math.floor(fromTicks + ((untilTicks - fromTicks) * place) / shared.length);
    const instantAt = (ticks: number): number =>
      row.shownEndUs - Math.ceil(((untilTicks - ticks) * 1_000_000) / this.#fileClock.timescale);
    return timed.map((sample) => {
      const place = places.get(sample);
      if (place === undefined) return sample;
      const [shownTicks, shownEndTicks] = [ticksAt(place), ticksAt(place + 1)];
      const instants = { shownUs: instantAt(shownTicks), shownEndUs: instantAt(shownEndTicks) };
      return { ...sample, ...instants, shownTicks, shownEndTicks };
    });
  }

  #hold(row: FootageFileRow, timed: readonly TimedSample[]): void {
    const shownOnce = timed.slice(0, 1 + timed.findLastIndex(({ shownUs }) => shownUs < row.shownEndUs));
    const lastSync = shownOnce.findLastIndex(({ sample }) => sample.isSync);
    this.#held = { row, samples: shownOnce.slice(Math.max(0, lastSync)) };
  }

  /**
   * Leaves out what the first shown frame does not need. A frame that is decoded after a key frame but shown before
   * it (a leading picture of an open GOP) may need the GOP before, which can lie in the footage file before.
   */
  #fromKeyFrame(
    row: FootageFileRow,
    timed: readonly TimedSample[],
    isShown: (sample: TimedSample) => boolean,
  ): readonly TimedSample[] {
    const firstTicks = timed.reduce(
      (least, sample) => (isShown(sample) ? Math.min(least, sample.shownTicks) : least),
      Infinity,
    );
    const start = timed.findLastIndex(({ sample, shownTicks }) => sample.isSync && shownTicks <= firstTicks);
    if (start >= 0) return timed.slice(start);
    const held = this.#held;
    // Or a session took over right there, and the camera sent both the same.
    const follows =
      held?.row.shownEndUs === row.shownStartUs ||
      (held?.row.sessionId === row.sessionId && held.row.number === row.number - 1);
    return held !== undefined && follows ? [...held.samples, ...timed] : timed;
  }

  #noteShown(
    chosen: readonly TimedSample[],
    isShown: (sample: TimedSample) => boolean,
    innerFrames: number,
  ): void {
    const before = this.#shown;
    const shown = chosen.filter(isShown);
    const least = (key: "shownTicks" | "shownUs"): number =>
      shown.reduce((value, sample) => Math.min(value, sample[key]), Infinity);
    const most = (key: "shownEndTicks" | "shownUs" | "shownEndUs"): number =>
      shown.reduce((value, sample) => Math.max(value, sample[key]), -Infinity);
    const startTicks = before?.startTicks ?? least("shownTicks");
    const preRollFrames =
      before?.preRollFrames ?? chosen.filter((sample) => sample.shownTicks < startTicks).length;
    const ofThese = before === undefined ? preRollFrames : innerFrames;
    const limit = firstHiddenAfter(chosen, isShown);
    this.#shown = {
      frames: (before?.frames ?? 0) + shown.length,
      preRollFrames,
      innerFrames: (before?.innerFrames ?? 0) + innerFrames,
      trailingFrames: (before?.trailingFrames ?? 0) + chosen.length - shown.length - ofThese,
      startTicks,
      endTicks: Math.min(limit.ticks, Math.max(before?.endTicks ?? -Infinity, most("shownEndTicks"))),
      firstFrameUs: before?.firstFrameUs ?? least("shownUs"),
      lastFrameUs: Math.max(before?.lastFrameUs ?? -Infinity, most("shownUs")),
      endUs: Math.min(limit.us, Math.max(before?.endUs ?? -Infinity, most("shownEndUs"))),
    };
  }
}

/** Whether all of a footage file is shown, at its own pace. */
function isWholeWithin(row: FootageFileRow, range: InstantRange): boolean {
  const isWhole = row.fromUs === row.startUs && row.toUs === row.endUs;
  return isWhole && row.shownStartUs >= range.startUs && row.shownEndUs <= range.endUs;
}

/**
 * When the first frame begins that is in the file only because the last shown ones need it. The last shown frame ends
 * there at the latest: its recorded duration is the distance to the next one in decode order, which can be more.
 */
function firstHiddenAfter(
  chosen: readonly TimedSample[],
  isShown: (sample: TimedSample) => boolean,
): { readonly ticks: number; readonly us: number } {
  const lastTicks = chosen.findLast(isShown)?.shownTicks ?? -Infinity;
  let first = { ticks: Infinity, us: Infinity };
  for (const sample of chosen) {
    if (isShown(sample) || sample.shownTicks <= lastTicks || sample.shownTicks >= first.ticks) continue;
    first = { ticks: sample.shownTicks, us: sample.shownUs };
  }
  return first;
}
