import { setImmediate as nextTurn } from "node:timers/promises";

/** Longest that statements keep this thread before whoever waits for it is answered. */
const LONGEST_MS = 5;

/**
 * SQLite answers before anything else of this thread runs, so a loop over thousands of rows would be one turn of the
 * loop of events, however short each statement is: seconds in which no request is answered.
 */
export class LoopTurn {
  /** When the first statement of this turn came; null before it. */
  #beganMs: number | null = null;

  /** Before a statement; gives the others their turn where this one is long enough. */
  async giveWay(): Promise<void> {
    while (this.#beganMs !== null && performance.now() - this.#beganMs >= LONGEST_MS) await nextTurn();
    if (this.#beganMs !== null) return;
    this.#beganMs = performance.now();
    setImmediate(() => (this.#beganMs = null));
  }
}
