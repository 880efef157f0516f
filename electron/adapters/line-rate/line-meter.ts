/** A sample is taken over so much time of sending. */
const SAMPLE_MS = 10_000;
/** Less tells nothing; it is kept for the next file. */
const LEAST_MS = 500;
/** Whatever took longer was no sending: the machine slept, or the other side stood still. */
const LONGEST_STEP_MS = 30_000;

/**
 * The rate of a line: bytes a second of all files that go over it together, in the time in which any is on its way.
 */
export class LineMeter {
  readonly #onSample: (bytesPerSecond: number) => void;
  readonly #now: () => number;
  #sending = 0;
  #sinceMs = 0;
  #bytes = 0;
  #ms = 0;

  /** @param now milliseconds of a clock that only goes forward */
  constructor(onSample: (bytesPerSecond: number) => void, now: () => number = () => performance.now()) {
    this.#onSample = onSample;
    this.#now = now;
  }

  begin(): void {
    if (this.#sending === 0) this.#sinceMs = this.#now();
    this.#sending += 1;
  }

  moved(bytes: number): void {
    const nowMs = this.#now();
    const ms = nowMs - this.#sinceMs;
    this.#sinceMs = nowMs;
    if (ms > LONGEST_STEP_MS) return;
    this.#bytes += bytes;
    this.#ms += ms;
    if (this.#ms >= SAMPLE_MS) this.#take();
  }

  end(): void {
    this.#sending -= 1;
    if (this.#sending === 0 && this.#ms >= LEAST_MS) this.#take();
  }

  #take(): void {
    if (this.#bytes > 0) this.#onSample((this.#bytes * 1000) / this.#ms);
    [this.#bytes, this.#ms] = [0, 0];
  }
}
