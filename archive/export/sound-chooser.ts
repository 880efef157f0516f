import type { SampleBatch } from "#media/progressive-writer.ts";
import type { FootageFileRow } from "../index/index-rows.ts";
import { instantUs } from "../index/session-clock.ts";
import type { FileClock } from "./file-clock.ts";
import { PackedSamples } from "./packed-samples.ts";
import { timeSamples, TrackTime, type InstantRange, type SampleOrigin } from "./timed-samples.ts";

/** When sound of a footage file is heard; beside a picture that is shown wholly it may begin earlier and end later. */
function soundSpan(row: FootageFileRow, range: InstantRange): InstantRange {
  return {
    startUs: row.fromUs === row.startUs ? range.startUs : Math.max(range.startUs, row.shownStartUs),
    endUs: Math.min(range.endUs, row.shownEndUs),
  };
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
  choose(row: FootageFileRow, packed: Buffer, origin: SampleOrigin): SampleBatch | undefined {
    return this.#whole(row, packed, origin) ?? this.#part(row, packed, origin);
  }

  #whole(row: FootageFileRow, packed: Buffer, { clock, source }: SampleOrigin): SampleBatch | undefined {
    const samples = new PackedSamples(packed, source, undefined);
    const { startUs, endUs } = soundSpan(row, this.#range);
    const isWithin =
      samples.length > 0 &&
      instantUs(clock, samples.firstShownTicks) >= startUs &&
      instantUs(clock, samples.shownEndTicks) <= endUs;
    const batch = isWithin ? this.#time.wholeBatch(samples, this.fileClock, clock) : undefined;
    if (batch === undefined) return undefined;
    const toFileTicks = this.fileClock.converter(clock);
    this.#startTicks = Math.min(this.#startTicks, toFileTicks(samples.firstShownTicks));
    this.#endTicks = Math.max(this.#endTicks, toFileTicks(samples.shownEndTicks));
    return batch;
  }

  #part(row: FootageFileRow, packed: Buffer, origin: SampleOrigin): SampleBatch | undefined {
    const { startUs, endUs } = soundSpan(row, this.#range);
    const timed = timeSamples(packed, origin, this.fileClock);
    // A packet overlaps with the one before, which must be decoded for the first one to sound right.
    const warmUpUs = timed[0] === undefined ? 0 : timed[0].shownEndUs - timed[0].shownUs;
    const chosen = timed.filter((packet) => packet.shownEndUs > startUs - warmUpUs && packet.shownUs < endUs);
    const [first, last] = [chosen[0], chosen.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    this.#startTicks = Math.min(this.#startTicks, first.shownTicks);
    this.#endTicks = Math.max(this.#endTicks, last.shownEndTicks);
    return this.#time.toBatch(chosen);
  }
}
