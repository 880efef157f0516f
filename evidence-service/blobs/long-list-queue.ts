import { setTimeout as pause } from "node:timers/promises";
import { BlobError } from "./blob-error.ts";

/** For each part of the time that one takes, others have so many. */
const TIME_OF_OTHERS = 3;
/** A piece that had to wait itself is no reason to wait for long. */
const LONGEST_PAUSE_MS = 50;
const ADMITTED_MAX = 32;
/** Of one client, however many it sends: what is left is for others. */
const OF_CLIENT_MAX = 4;

/**
 * Between two pieces of work that is long as a whole: the others have their time.
 * @param beganMs when the piece before began, by `performance.now()`
 */
export async function pauseForOthers(beganMs: number): Promise<void> {
  await pause(Math.min(TIME_OF_OTHERS * (performance.now() - beganMs), LONGEST_PAUSE_MS));
}

/**
 * Work of many pieces, as a block list of fifty thousand is: one at a time, however many come. What it is done with is
 * fetched before, beside each other: who sends slowly keeps nobody waiting, and so many at the most hold memory.
 */
export class LongListQueue {
  /** How many of each client are admitted. */
  readonly #admitted = new Map<string, number>();
  #latest: Promise<void> = Promise.resolve();

  /** @throws BlobError 503 ServerBusy when too many wait, of all or of the client, before anything is fetched */
  async run<F, T>(client: string, fetch: () => Promise<F>, work: (fetched: F) => Promise<T>): Promise<T> {
    this.#admit(client);
    try {
      const fetched = await fetch();
      return await this.#oneAtATime(() => work(fetched));
    } finally {
      const others = (this.#admitted.get(client) ?? 1) - 1;
      if (others === 0) this.#admitted.delete(client);
      else this.#admitted.set(client, others);
    }
  }

  #admit(client: string): void {
    const ofClient = this.#admitted.get(client) ?? 0;
    if (ofClient >= OF_CLIENT_MAX) {
      throw new BlobError("ServerBusy", "Long block lists of this client wait already; try again.");
    }
    const all = [...this.#admitted.values()].reduce((sum, count) => sum + count, 0);
    if (all >= ADMITTED_MAX) {
      throw new BlobError("ServerBusy", "Too many long block lists wait; try again.");
    }
    this.#admitted.set(client, ofClient + 1);
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
