import { setImmediate as yieldToOthers } from "node:timers/promises";

/** Longest that it keeps other requests waiting at a time. */
const LONGEST_TURN_MS = 5;

/** Work of many steps, between which other requests of the process get their turn. */
export class SteppedWork {
  #begunMs = performance.now();

  /** To be awaited after each step: lets others go on when this turn has lasted long enough. */
  async step(): Promise<void> {
    if (performance.now() - this.#begunMs < LONGEST_TURN_MS) return;
    await yieldToOthers();
    this.#begunMs = performance.now();
  }
}
