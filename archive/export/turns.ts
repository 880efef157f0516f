import { setImmediate as yieldToOthers } from "node:timers/promises";
import type { TimeRange } from "#shared/domain/time-range.ts";

/** Longest that planning keeps other requests waiting at a time. */
const LONGEST_TURN_MS = 5;

/** Shares the process with other requests during long work. */
export class Turns {
  #begunMs = performance.now();

  /** To be awaited between steps: lets others go on when this turn has lasted long enough. */
  async step(): Promise<void> {
    if (performance.now() - this.#begunMs < LONGEST_TURN_MS) return;
    await yieldToOthers();
    this.#begunMs = performance.now();
  }
}

/** So many segments of 4 s that reading their rows takes a turn of a few milliseconds. */
const SLICE_MS = 1_800_000;

/** A range as consecutive ranges of at most half an hour, so that no query of the index is long. */
export function* slicesOf({ startUtcMs, endUtcMs }: TimeRange): Generator<TimeRange> {
  for (let at = startUtcMs; at < endUtcMs; at += SLICE_MS) {
    yield { startUtcMs: at, endUtcMs: Math.min(at + SLICE_MS, endUtcMs) };
  }
}
