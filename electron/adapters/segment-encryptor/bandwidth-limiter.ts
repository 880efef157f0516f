/**
 * Caps the bytes per second of all uploads of one worker together. First come, first served;
 * a new cap holds from the next block on.
 */
export class BandwidthLimiter {
  #bytesPerSecond: number | null = null;
  #freeAtMs = 0;
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  setCap(bytesPerSecond: number | null): void {
    this.#bytesPerSecond = bytesPerSecond;
    this.#freeAtMs = 0;
  }

  /** How long to wait before sending so many bytes, which then count as sent. */
  delayBefore(bytes: number): number {
    if (this.#bytesPerSecond === null) return 0;
    const nowMs = this.#now();
    const startMs = Math.max(nowMs, this.#freeAtMs);
    this.#freeAtMs = startMs + (bytes * 1000) / this.#bytesPerSecond;
    return startMs - nowMs;
  }
}
