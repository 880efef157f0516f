/**
 * A flush that many wait for. It takes as long as the disk is busy, and one covers all that was written before it began:
 * who asks while one is under way has the next, together with all others who ask until then.
 */
export class SharedFlush {
  readonly #flush: () => Promise<void>;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;

  constructor(flush: () => Promise<void>) {
    this.#flush = flush;
  }

  /** @returns when all that was written before the call is on stable storage @throws what the flush fails with */
  flushed(): Promise<void> {
    return (this.#next ??= this.#afterRunning());
  }

  /** When everybody's flush that was asked for has ended, whether well or not. */
  async settled(): Promise<void> {
    await (this.#next ?? this.#running).catch(() => undefined); // Those who asked for it are told.
  }

  async #afterRunning(): Promise<void> {
    await this.#running.catch(() => undefined); // Those who waited for it are told.
    this.#next = null;
    this.#running = this.#flush();
    await this.#running;
  }
}
