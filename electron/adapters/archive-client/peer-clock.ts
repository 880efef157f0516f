/** One answer that told the other side's time; all three in milliseconds UTC. */
export interface ClockReading {
  /** By the clock of this machine, before and after. */
  readonly askedMs: number;
  readonly answeredMs: number;
  readonly peerMs: number;
}

/** A reading is given up for a newer, less exact one after this long: clocks run apart. */
const KEPT_MS = 60_000;

/**
 * How far another machine's clock is ahead of this one's. The other read its clock at some moment between question and
 * answer, so a reading is exact to half of what that took: the quickest of the last minute counts. One that contradicts
 * it shows that a clock was set, and replaces it.
 */
export class PeerClock {
  #best: { readonly aheadMs: number; readonly inexactMs: number; readonly takenMs: number } | null = null;

  /** 0 before the first reading. */
  get aheadMs(): number {
    return this.#best?.aheadMs ?? 0;
  }

  add({ askedMs, answeredMs, peerMs }: ClockReading): void {
    const inexactMs = Math.max(0, answeredMs - askedMs) / 2;
    const aheadMs = peerMs - (askedMs + inexactMs);
    const best = this.#best;
    const isBetter =
      best === null ||
      inexactMs <= best.inexactMs ||
      Math.abs(answeredMs - best.takenMs) > KEPT_MS ||
      // Whole milliseconds on both sides: one more than the two can contradict each other by.
      Math.abs(aheadMs - best.aheadMs) > inexactMs + best.inexactMs + 1;
    if (isBetter) this.#best = { aheadMs, inexactMs, takenMs: answeredMs };
  }
}
