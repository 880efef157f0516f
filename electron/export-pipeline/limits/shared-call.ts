import { ABORTED, type PortOutcome } from "../ports/port-call.ts";

/**
 * One call that several callers wait for. Whoever gives up leaves at once, and the call goes on for the others; it
 * ends with the last one.
 */
export class SharedCall<T> {
  readonly #abort = new AbortController();
  readonly #outcome: Promise<PortOutcome<T>>;
  readonly #onDeserted: () => void;
  #waiting = 0;

  /** @param onDeserted nobody waits for it any more: who comes later must begin another */
  constructor(begin: (signal: AbortSignal) => Promise<PortOutcome<T>>, onDeserted: () => void) {
    this.#onDeserted = onDeserted;
    this.#outcome = begin(this.#abort.signal);
  }

  async join(signal: AbortSignal): Promise<PortOutcome<T>> {
    this.#waiting += 1;
    const { promise: given, resolve } = Promise.withResolvers<PortOutcome<T>>();
    const giveUp = () => resolve(ABORTED);
    signal.addEventListener("abort", giveUp, { once: true });
    if (signal.aborted) giveUp();
    try {
      return await Promise.race([this.#outcome, given]);
    } finally {
      signal.removeEventListener("abort", giveUp);
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#desert();
    }
  }

  #desert(): void {
    this.#onDeserted();
    this.#abort.abort();
  }
}
