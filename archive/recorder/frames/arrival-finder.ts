/** A sample and when its first byte arrived. */
export interface Arrived<Sample> {
  readonly sample: Sample;
  readonly arrivalUs: number;
  /** When the samples after it arrived, as far as that is known: their stamps are not, yet. */
  readonly laterArrivalsUs: readonly number[];
}

/** ffmpeg cannot have held more than this before the first sample that was measured. */
const LONGEST_STEP_US = 20_000_000;

/** Between these a camera's clock is believed before there is more evidence. */
const PACE_LEAST = 0.4;
const PACE_MOST = 2.5;

/**
 * Finds when each sample arrived from the moments in which ffmpeg gave them out. It gives out a sample when the one
 * `lag` samples later begins to arrive: its parser ends a frame at the start of the next one, and its MP4 writer
 * writes a sample when it knows the next one's stamp.
 */
export class ArrivalFinder<Sample> {
  /** When the initialization segment came: with the second sample, where ffmpeg did not look at the source first. */
  headUs: number | null = null;
  /** When the first packet of all came, where that was seen: no sample came before, whatever stamps say. */
  firstUs: number | null = null;
  readonly #lag: number;
  readonly #timesOf: (samples: readonly Sample[]) => readonly number[];
  readonly #pass: (arrived: Arrived<Sample>) => void;
  #emissionsUs: number[] = [];
  /** The first ones wait for a measured arrival, and are told backwards from it. */
  #waiting: Sample[] = [];

  /** @param timesOf of the first samples by the source's own clock, in the order in which they come */
  constructor(
    lag: number,
    timesOf: (samples: readonly Sample[]) => readonly number[],
    pass: (arrived: Arrived<Sample>) => void,
  ) {
    this.#lag = lag;
    this.#timesOf = timesOf;
    this.#pass = pass;
  }

  /** Takes a sample that was given out at a moment. Samples come in decode order. */
  push(sample: Sample, emittedUs: number): void {
    this.#emissionsUs.push(emittedUs);
    if (this.#emissionsUs.length <= this.#lag) return void this.#waiting.push(sample);
    const arrivalUs = this.#emissionsUs.shift() ?? emittedUs;
    this.#release(sample, arrivalUs);
    this.#pass({ sample, arrivalUs, laterArrivalsUs: this.#emissionsUs });
  }

  /** ffmpeg has ended: what it gave out last of all arrived before. */
  end(): void {
    const last = this.#waiting.at(-1);
    if (last !== undefined) this.#release(last, this.#emissionsUs[0] ?? 0);
  }

  /** @param measured and `arrivalUs`: the first sample whose arrival was measured */
  #release(measured: Sample, arrivalUs: number): void {
    if (this.#waiting.length === 0) return;
    const times = this.#timesOf([...this.#waiting, measured]);
    const timeUs = times.at(-1) ?? 0;
    const early = this.#waiting.map((sample, at) => ({ sample, timeUs: times[at] ?? timeUs }));
    this.#waiting = [];
    const told = this.#toldByHead(times, arrivalUs);
    let later = { timeUs, arrivalUs };
    const arrivals = early.toReversed().map((each, back) => {
      const stepUs = Math.min(Math.max(0, later.timeUs - each.timeUs), LONGEST_STEP_US);
      const saidUs = later.arrivalUs - stepUs * (told?.pace ?? 1);
      const isFirst = back === early.length - 1;
      const measuredUs =
        back === 0 ? this.#measuredUs(told, stepUs) : told === null && isFirst ? this.firstUs : null;
      const foundUs = Math.min(Math.max(measuredUs ?? saidUs, this.firstUs ?? -Infinity), later.arrivalUs);
      later = { timeUs: each.timeUs, arrivalUs: foundUs };
      return { sample: each.sample, arrivalUs: foundUs, laterArrivalsUs: [] };
    });
    for (const arrived of arrivals.toReversed()) this.#pass(arrived);
  }

  /** The arrival of the last sample that waits; null where stamps tell it better. */
  #measuredUs(told: { headUs: number } | null, stepUs: number): number | null {
    // Of stamps that stand still nothing is told; the head came when that sample came.
    return told?.headUs ?? (stepUs === 0 && this.firstUs !== null ? this.headUs : null);
  }

  /** The arrival of the last sample that waits, and the wall time that passes per time of the source by it. */
  #toldByHead(timesUs: readonly number[], arrivalUs: number): { headUs: number; pace: number } | null {
    const { headUs } = this;
    const stepsUs = timesUs.slice(1).map((timeUs, at) => timeUs - (timesUs[at] ?? timeUs));
    // Where B-frames begin two frames have the same time.
    const stepUs = stepsUs.findLast((each) => each > 0);
    if (headUs === null || stepUs === undefined) return null;
    const pace = (arrivalUs - headUs) / stepUs;
    return pace > PACE_LEAST && pace < PACE_MOST ? { headUs, pace } : null;
  }
}
