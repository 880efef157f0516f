const FIRST_MS = 1_000;
const LONGEST_MS = 10_000;

/** Waits before the next attempt, twice as long after each failure and never longer than 10 s. */
export class RetryPause {
  #timer: ReturnType<typeof setTimeout> | null = null;
  #nextMs = FIRST_MS;

  start(attempt: () => void): void {
    this.cancel();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      attempt();
    }, this.#nextMs);
    this.#nextMs = Math.min(this.#nextMs * 2, LONGEST_MS);
  }

  get isWaiting(): boolean {
    return this.#timer !== null;
  }

  /** The attempt before has failed too: only then is there something to tell. */
  get isRepeated(): boolean {
    return this.#nextMs > FIRST_MS;
  }

  cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** An attempt succeeded: the next failure waits shortly again. */
  reset(): void {
    this.#nextMs = FIRST_MS;
  }
}
