import { setTimeout as pause } from "node:timers/promises";
import { BlobError } from "./blob-error.ts";

/** For each part of the time that one takes, others have so many. */
const TIME_OF_OTHERS = 3;
/** A piece that had to wait itself is no reason to wait for long. */
const LONGEST_PAUSE_MS = 50;
const ADMITTED_MAX = 32;

/**
 * Between two pieces of work that is long as a whole: the others have their time.
 * @param beganMs when the piece before began, by `performance.now()`
 */
export async function leaveTime(beganMs: number): Promise<void> {
  await pause(Math.min(TIME_OF_OTHERS * (performance.now() - beganMs), LONGEST_PAUSE_MS));
}

/**
 * Work of many pieces, as a block list of fifty thousand is: one at a time, however many come. What it is done with is
 * fetched before, beside each other: who sends slowly keeps nobody waiting, and so many at the most hold memory.
 */
export class LongWork {
  #admitted = 0;
  #latest: Promise<void> = Promise.resolve();

  /** @throws BlobError 503 ServerBusy when too many wait, before anything is fetched */
  async run<F, T>(fetch: () => Promise<F>, work: (fetched: F) => Promise<T>): Promise<T> {
    if (this.#admitted >= ADMITTED_MAX) {
      throw new BlobError(503, "ServerBusy", "Too many long block lists wait; try again.");
    }
    this.#admitted += 1;
    try {
      const fetched = await fetch();
      return await this.#oneAtATime(() => work(fetched));
    } finally {
      this.#admitted -= 1;
    }
  }

  async #oneAtATime<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#latest;
    const over = Promise.withResolvers<void>();
    this.#latest = over.promise;
    await before;
    try {
      return await work();
    } finally {
      over.resolve();
    }
  }
}
