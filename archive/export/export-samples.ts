import type { PlacedSample, SampleBatch } from "#media/progressive-writer.ts";
import type { SegmentRow } from "../index/footage-index.ts";
import { unpackSamples } from "../index/sample-table.ts";
import { instantUs, type SessionClock } from "../index/session-clock.ts";
import type { FileClock } from "./file-clock.ts";
import { PackedSamples } from "./packed-samples.ts";

/** Instants of an export, microseconds UTC, half-open. */
export interface InstantRange {
  readonly startUs: number;
  readonly endUs: number;
}

/** A recorded sample and its place in time: ticks of the file's track, and on the wall clock. */
interface TimedSample {
  readonly sample: PlacedSample;
  readonly decodeTicks: number;
  readonly shownTicks: number;
  readonly shownEndTicks: number;
  readonly shownUs: number;
  readonly shownEndUs: number;
}

/** Where the samples of a segment come from. */
export interface SegmentOrigin {
  readonly clock: SessionClock;
  /** Index of the segment's file in the list of sources. */
  readonly source: number;
  /** Index of the bytes that stand before its key frames. */
  readonly literal: number | undefined;
}

function timeSamples(packed: Buffer, origin: SegmentOrigin, fileClock: FileClock): TimedSample[] {
  const { clock, source, literal } = origin;
  const recorded = unpackSamples(packed);
  const toFileTicks = fileClock.converter(clock);
  let decodeTicks = recorded.firstDecodeTicks;
  return recorded.samples.map((sample) => {
    const shown = decodeTicks + sample.compositionOffsetTicks;
    const end = shown + sample.durationTicks;
    const timed = {
      sample: { ...sample, source, ...(literal !== undefined && sample.isSync ? { literal } : {}) },
      ...{ decodeTicks: toFileTicks(decodeTicks), shownTicks: toFileTicks(shown) },
      ...{ shownEndTicks: toFileTicks(end), shownUs: instantUs(clock, shown) },
      shownEndUs: instantUs(clock, end),
    };
    decodeTicks += sample.durationTicks;
    return timed;
  });
}

/** Makes the samples of one track follow each other: decode times never go back in a file. */
class TrackTime {
  #lastDecodeTicks = -Infinity;

  /** The whole of a segment without looking at each sample; undefined where times would have to be changed. */
  wholeBatch(samples: PackedSamples, fileClock: FileClock, clock: SessionClock): SampleBatch | undefined {
    const firstDecodeTicks = fileClock.converter(clock)(samples.firstDecodeTicks);
    if (clock.timeScale !== fileClock.timescale || firstDecodeTicks < this.#lastDecodeTicks) return undefined;
    this.#lastDecodeTicks = firstDecodeTicks + samples.lastDecodeTicks - samples.firstDecodeTicks;
    return { firstDecodeTicks, samples };
  }

  toBatch(timed: readonly TimedSample[]): SampleBatch {
    const decodeTicks = timed.map((sample) => {
      // Clocks of two sessions may disagree by a rounding, and one takes over while the other still has frames.
      this.#lastDecodeTicks = Math.max(this.#lastDecodeTicks, sample.decodeTicks);
      return this.#lastDecodeTicks;
    });
    const samples = timed.map(({ sample, shownTicks, shownEndTicks }, index) => {
      const decoded = decodeTicks[index]!;
      const compositionOffsetTicks = shownTicks - decoded;
      const lengthTicks = shownEndTicks - shownTicks;
      const durationTicks = (decodeTicks[index + 1] ?? decoded + lengthTicks) - decoded;
      return { ...sample, durationTicks, compositionOffsetTicks };
    });
    return { firstDecodeTicks: decodeTicks[0] ?? 0, samples };
  }
}

/** What is shown of an export's picture. */
export interface ShownPicture {
  readonly frames: number;
  /** Frames in the file before the first shown one, needed to decode it. */
  readonly preRollFrames: number;
  /** Composition time of the first shown frame, and the end of the last, in ticks of the file. */
  readonly startTicks: number;
  readonly endTicks: number;
  readonly firstFrameUs: number;
  readonly lastFrameUs: number;
  readonly endUs: number;
}

/**
 * Chooses the frames of an export segment by segment, in order of time. A frame is shown when it starts in the
 * range; before the first one come the frames from the key frame that it needs. Later frames are left out, except
 * where a shown frame depends on them in decode order.
 */
export class PictureChooser {
  readonly #range: InstantRange;
  readonly #fileClock: FileClock;
  readonly #time = new TrackTime();
  /** The last GOP before anything was shown, and the segment that it is of. */
  #held: { readonly row: SegmentRow; readonly samples: readonly TimedSample[] } | undefined;
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
   * @returns what of the segment, and of the one before it, is in the file; undefined when nothing is shown
   */
  choose(row: SegmentRow, packed: Buffer, origin: SegmentOrigin): SampleBatch | undefined {
    return this.#whole(row, packed, origin) ?? this.#part(row, packed, origin);
  }

  /** A segment that is shown wholly is taken as it is: a day has thousands of them. */
  #whole(
    row: SegmentRow,
    packed: Buffer,
    { clock, source, literal }: SegmentOrigin,
  ): SampleBatch | undefined {
    const before = this.#shown;
    const endUs = Math.min(this.#range.endUs, row.shownEndUs);
    if (before === undefined || row.startUs < this.#range.startUs || row.endUs > endUs) return undefined;
    const samples = new PackedSamples(packed, source, literal);
    const batch = this.#time.wholeBatch(samples, this.#fileClock, clock);
    if (batch === undefined) return undefined;
    this.#shown = {
      ...before,
      frames: before.frames + samples.length,
      endTicks: Math.max(before.endTicks, this.#fileClock.converter(clock)(samples.shownEndTicks)),
      lastFrameUs: Math.max(before.lastFrameUs, instantUs(clock, samples.lastShownTicks)),
      endUs: Math.max(before.endUs, instantUs(clock, samples.shownEndTicks)),
    };
    return batch;
  }

  #part(row: SegmentRow, packed: Buffer, origin: SegmentOrigin): SampleBatch | undefined {
    const endUs = Math.min(this.#range.endUs, row.shownEndUs);
    const isShown = ({ shownUs }: TimedSample): boolean => shownUs >= this.#range.startUs && shownUs < endUs;
    const timed = timeSamples(packed, origin, this.#fileClock);
    const lastShown = timed.findLastIndex(isShown);
    if (lastShown < 0) {
      if (this.#shown === undefined) this.#hold(row, timed);
      return undefined;
    }
    // What follows the last shown frame of a segment is needed by nothing that is shown.
    const upToLast = this.#beforeTakeOver(row, timed.slice(0, lastShown + 1));
    const chosen = this.#shown === undefined ? this.#fromKeyFrame(row, upToLast, isShown) : upToLast;
    this.#noteShown(chosen, isShown);
    return this.#time.toBatch(chosen);
  }

  /**
   * Where a newer session takes over, a shown frame can need one that comes after it (a B-frame its next P-frame).
   * Nothing could hide that frame in the middle of a file: it is shown too, for one tick before the newer session.
   */
  #beforeTakeOver(row: SegmentRow, timed: readonly TimedSample[]): readonly TimedSample[] {
    if (row.shownEndUs >= Math.min(row.endUs, this.#range.endUs)) return timed;
    const needed = timed
      .filter(({ shownUs }) => shownUs >= row.shownEndUs)
      .toSorted((a, b) => a.shownTicks - b.shownTicks);
    if (needed.length === 0) return timed;
    const takeOverTicks = this.#fileClock.at(row.shownEndUs);
    return timed.map((sample) => {
      const place = needed.indexOf(sample);
      if (place < 0) return sample;
      const shownTicks = takeOverTicks - needed.length + place;
      const instants = { shownUs: row.shownEndUs - 1, shownEndUs: row.shownEndUs };
      return { ...sample, ...instants, shownTicks, shownEndTicks: shownTicks + 1 };
    });
  }

  #hold(row: SegmentRow, timed: readonly TimedSample[]): void {
    const lastSync = timed.findLastIndex(({ sample }) => sample.isSync);
    this.#held = { row, samples: timed.slice(Math.max(0, lastSync)) };
  }

  /**
   * Leaves out what the first shown frame does not need. A frame that is decoded after a key frame but shown before
   * it (a leading picture of an open GOP) may need the GOP before, which can lie in the segment before.
   */
  #fromKeyFrame(
    row: SegmentRow,
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
    const follows = held?.row.sessionId === row.sessionId && held.row.number === row.number - 1;
    return held !== undefined && follows ? [...held.samples, ...timed] : timed;
  }

  #noteShown(chosen: readonly TimedSample[], isShown: (sample: TimedSample) => boolean): void {
    const before = this.#shown;
    const shown = chosen.filter(isShown);
    const least = (key: "shownTicks" | "shownUs"): number =>
      shown.reduce((value, sample) => Math.min(value, sample[key]), Infinity);
    const most = (key: "shownEndTicks" | "shownUs" | "shownEndUs"): number =>
      shown.reduce((value, sample) => Math.max(value, sample[key]), -Infinity);
    const startTicks = before?.startTicks ?? least("shownTicks");
    const limit = firstHiddenAfter(chosen, isShown);
    this.#shown = {
      frames: (before?.frames ?? 0) + shown.length,
      preRollFrames:
        before?.preRollFrames ?? chosen.filter((sample) => sample.shownTicks < startTicks).length,
      startTicks,
      endTicks: Math.min(limit.ticks, Math.max(before?.endTicks ?? -Infinity, most("shownEndTicks"))),
      firstFrameUs: before?.firstFrameUs ?? least("shownUs"),
      lastFrameUs: Math.max(before?.lastFrameUs ?? -Infinity, most("shownUs")),
      endUs: Math.min(limit.us, Math.max(before?.endUs ?? -Infinity, most("shownEndUs"))),
    };
  }
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

/** Chooses the packets of one track of sound: those that are heard in the range, and one more to warm up. */
export class SoundChooser {
  readonly fileClock: FileClock;
  readonly #range: InstantRange;
  readonly #time = new TrackTime();
  /** Composition time of the first packet and end of the last, in ticks of the file. */
  #startTicks = Infinity;
  #endTicks = -Infinity;

  constructor(range: InstantRange, fileClock: FileClock) {
    this.#range = range;
    this.fileClock = fileClock;
  }

  get startTicks(): number {
    return this.#startTicks;
  }

  get endTicks(): number {
    return this.#endTicks;
  }

  /** @param packed made by `packSamples` */
  choose(row: SegmentRow, packed: Buffer, origin: SegmentOrigin): SampleBatch | undefined {
    return this.#whole(row, packed, origin) ?? this.#part(row, packed, origin);
  }

  #whole(row: SegmentRow, packed: Buffer, { clock, source }: SegmentOrigin): SampleBatch | undefined {
    const samples = new PackedSamples(packed, source, undefined);
    const endUs = Math.min(this.#range.endUs, row.shownEndUs);
    const isWithin =
      samples.length > 0 &&
      instantUs(clock, samples.firstShownTicks) >= this.#range.startUs &&
      instantUs(clock, samples.shownEndTicks) <= endUs;
    const batch = isWithin ? this.#time.wholeBatch(samples, this.fileClock, clock) : undefined;
    if (batch === undefined) return undefined;
    const toFileTicks = this.fileClock.converter(clock);
    this.#startTicks = Math.min(this.#startTicks, toFileTicks(samples.firstShownTicks));
    this.#endTicks = Math.max(this.#endTicks, toFileTicks(samples.shownEndTicks));
    return batch;
  }

  #part(row: SegmentRow, packed: Buffer, origin: SegmentOrigin): SampleBatch | undefined {
    const endUs = Math.min(this.#range.endUs, row.shownEndUs);
    const timed = timeSamples(packed, origin, this.fileClock);
    // A packet overlaps with the one before, which must be decoded for the first one to sound right.
    const warmUpUs = timed[0] === undefined ? 0 : timed[0].shownEndUs - timed[0].shownUs;
    const chosen = timed.filter(
      (packet) => packet.shownEndUs > this.#range.startUs - warmUpUs && packet.shownUs < endUs,
    );
    const [first, last] = [chosen[0], chosen.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    this.#startTicks = Math.min(this.#startTicks, first.shownTicks);
    this.#endTicks = Math.max(this.#endTicks, last.shownEndTicks);
    return this.#time.toBatch(chosen);
  }
}
