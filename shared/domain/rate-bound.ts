import { MINUTE_MS } from "./time-range.ts";

/** Lets so many through in a minute, and counts the rest. */
export class RateBound {
  readonly #limit: number;
  #beganMs = Number.NEGATIVE_INFINITY;
  #taken = 0;
  #leftOut = 0;

  constructor(limitAMinute: number) {
    this.#limit = limitAMinute;
  }

  /**
   * @param nowMs of a clock that only goes forward
   * @returns null when this one is left out, else how many were since the last that was let through
   */
  take(nowMs: number): number | null {
    if (nowMs - this.#beganMs >= MINUTE_MS) {
      this.#beganMs = nowMs;
      this.#taken = 0;
    }
    if (this.#taken >= this.#limit) {
      this.#leftOut++;
      return null;
    }
    this.#taken++;
    const leftOut = this.#leftOut;
    this.#leftOut = 0;
    return leftOut;
  }
}
