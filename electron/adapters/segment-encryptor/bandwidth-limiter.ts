import { setTimeout as sleep } from "node:timers/promises";
import pLimit from "p-limit";

/** Sent in one piece where nothing is capped. */
export const LARGEST_PIECE_BYTES = 128 * 1024;
const SMALLEST_PIECE_BYTES = 1024;
/** Under a cap a piece is what the cap lets through in this time: the line sees no bursts. */
const PIECE_MS = 50;

/**
 * Caps the bytes per second of all uploads of one worker together. First come, first served;
 * a new cap holds from the next piece on.
 */
export class BandwidthLimiter {
  #bytesPerSecond: number | null = null;
  #freeAtMs = 0;
  #changed = new AbortController();
  readonly #limit = pLimit(1);
  readonly #now: () => number;

  /** @param now milliseconds that only go forward: a clock that is set back must not stop uploads */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  setCap(bytesPerSecond: number | null): void {
    if (bytesPerSecond === this.#bytesPerSecond) return;
    this.#bytesPerSecond = bytesPerSecond;
    this.#freeAtMs = 0;
    this.#changed.abort();
    this.#changed = new AbortController();
  }

  /** How much to send at once. */
  get pieceBytes(): number {
    if (this.#bytesPerSecond === null) return LARGEST_PIECE_BYTES;
    const bytes = Math.floor((this.#bytesPerSecond * PIECE_MS) / 1000);
    return Math.min(Math.max(bytes, SMALLEST_PIECE_BYTES), LARGEST_PIECE_BYTES);
  }

  /** How long to wait before sending so many bytes, which then count as sent. */
  delayBefore(bytes: number): number {
    if (this.#bytesPerSecond === null) return 0;
    const nowMs = this.#now();
    const startMs = Math.max(nowMs, this.#freeAtMs);
    this.#freeAtMs = startMs + (bytes * 1000) / this.#bytesPerSecond;
    return startMs - nowMs;
  }

  /** Resolves when so many bytes may be sent, also because the cap has changed. @throws when the signal aborts */
  async pass(bytes: number, signal: AbortSignal): Promise<void> {
    for (;;) {
      const delayMs = this.delayBefore(bytes);
      if (delayMs === 0) return;
      const change = this.#changed.signal;
      const waited = sleep(delayMs, true, { signal: AbortSignal.any([signal, change]) });
      const isOver = await waited.catch(() => false);
      signal.throwIfAborted();
      if (isOver || !change.aborted) return;
    }
  }

  /**
   * Under a cap, blocks go one by one: many at the same time would only make each take so long that the other
   * side gives it up. Whoever has begun to wait when a cap ends still goes one by one, at full speed.
   */
  async oneByOne<T>(send: () => Promise<T>): Promise<T> {
    return this.#bytesPerSecond === null ? await send() : await this.#limit(send);
  }
}
