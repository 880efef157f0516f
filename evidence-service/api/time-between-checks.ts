/** Looks are a minute apart. More between two is a machine that slept, and whoever sends may have slept with it. */
const LONGEST_BETWEEN_LOOKS_MS = 10 * 60_000;

/**
 * How much time passed from one look to the next, whatever the clock says. Time in which the service did not run, or the
 * machine slept, does not count.
 */
export class TimeBetweenChecks {
  readonly #passedMs: () => number;
  #lookedAtMs: number | null = null;

  /** @param passedMs milliseconds that nobody can set, from any beginning */
  constructor(passedMs: () => number) {
    this.#passedMs = passedMs;
  }

  /** Since the look before, which this one takes the place of; none of the first one. */
  look(): number {
    const passedMs = Math.min(this.sinceLook(), LONGEST_BETWEEN_LOOKS_MS);
    this.#lookedAtMs = this.#passedMs();
    return passedMs;
  }

  /** All that has passed since the latest look, of which the next one may count less. */
  sinceLook(): number {
    return this.#lookedAtMs === null ? 0 : Math.max(this.#passedMs() - this.#lookedAtMs, 0);
  }
}
