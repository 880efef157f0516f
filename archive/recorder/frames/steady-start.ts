import type { Arrived } from "./arrival-finder.ts";

/** The first frames are looked at together for this long. */
const LOOK_US = 700_000;

/** A camera whose frames are further apart is not waited for. */
const LONGEST_STEP_US = 300_000;

/** A camera's rate is believed to be right within this, and to be no more wrong than it can be. */
const RIGHT = 0.15;
const PACE_LEAST = 0.4;
const PACE_MOST = 2.5;

interface Stamped<Sample> {
  readonly arrived: Arrived<Sample>;
  /** By the source's own clock. */
  readonly timeUs: number;
}

/**
 * Dates the beginning: where a network, or this machine, was late for the first frames, those after them tell when the
 * first ones should have come. Later ones need no such look, because what came before foretells them.
 */
export class SteadyStart<Sample> {
  readonly #timesOf: (samples: readonly Sample[]) => readonly number[];
  readonly #pass: (arrived: Arrived<Sample>, timeUs: number) => void;
  readonly #onPace: (pace: number) => void;
  #held: Arrived<Sample>[] | null = [];

  /**
   * @param timesOf of samples that follow each other, the first ones or a later one, by the source's own clock
   * @param onPace told, before the first sample is passed on, how much wall time passes per time of the source
   */
  constructor(
    timesOf: (samples: readonly Sample[]) => readonly number[],
    pass: (arrived: Arrived<Sample>, timeUs: number) => void,
    onPace: (pace: number) => void,
  ) {
    this.#timesOf = timesOf;
    this.#pass = pass;
    this.#onPace = onPace;
  }

  /** Takes the next sample in decode order. */
  push(arrived: Arrived<Sample>): void {
    if (this.#held === null) return this.#pass(arrived, this.#timesOf([arrived.sample])[0] ?? 0);
    this.#held.push(arrived);
    const times = this.#timesOf(this.#held.map(({ sample }) => sample));
    const lookedUs = arrived.arrivalUs - (this.#held[0]?.arrivalUs ?? 0);
    const isSlow = stepsOf(times).some((stepUs) => stepUs > LONGEST_STEP_US || stepUs < 0);
    if (isSlow || lookedUs >= LOOK_US) this.end();
  }

  /** Passes on what is held. */
  end(): void {
    const held = this.#held ?? [];
    this.#held = null;
    const times = this.#timesOf(held.map(({ sample }) => sample));
    const { pace, arrived } = steadied(held.map((each, at) => ({ arrived: each, timeUs: times[at] ?? 0 })));
    this.#onPace(pace);
    for (const [at, each] of arrived.entries()) this.#pass(each, times[at] ?? 0);
  }
}

const stepsOf = (values: readonly number[]): number[] =>
  values.slice(1).map((value, at) => value - (values[at] ?? value));

/** Stamps that go on by less stand still, and say nothing of the frames that have them. */
const LEAST_STEP_US = 1_000;

/** Puts all of them where the one that came soonest says. Of frames that have one stamp the first one counts. */
function steadied<Sample>(held: readonly Stamped<Sample>[]): {
  pace: number;
  arrived: Arrived<Sample>[];
} {
  const isTold = held.map(({ timeUs }, at) => timeUs - (held[at - 1]?.timeUs ?? -Infinity) >= LEAST_STEP_US);
  const marks = held.filter((_, at) => isTold[at]);
  const steps = stepsOf(marks.map(({ timeUs }) => timeUs));
  const waits = stepsOf(marks.map(({ arrived }) => arrived.arrivalUs));
  const isBackwards = stepsOf(held.map(({ timeUs }) => timeUs)).some((stepUs) => stepUs < 0);
  if (steps.length === 0 || isBackwards || steps.some((stepUs) => stepUs > LONGEST_STEP_US))
    return { pace: 1, arrived: held.map(({ arrived }) => arrived) };
  const paces = steps.map((stepUs, at) => (waits[at] ?? 0) / stepUs);
  const told = paces.toSorted((a, b) => a - b)[paces.length >> 1] ?? 1;
  const pace = Math.abs(told - 1) < RIGHT || told < PACE_LEAST || told > PACE_MOST ? 1 : told;
  const zeroUs = Math.min(...marks.map(({ arrived, timeUs }) => arrived.arrivalUs - timeUs * pace));
  const arrived = held.map((each, at) =>
    isTold[at] === true ? { ...each.arrived, arrivalUs: zeroUs + each.timeUs * pace } : each.arrived,
  );
  return { pace, arrived: inOrder(arrived) };
}

/** None came before the one before it. */
function inOrder<Sample>(arrived: readonly Arrived<Sample>[]): Arrived<Sample>[] {
  let laterUs = Infinity;
  const ordered = arrived.toReversed().map((each) => {
    laterUs = Math.min(laterUs, each.arrivalUs);
    return { ...each, arrivalUs: laterUs };
  });
  return ordered.toReversed();
}
