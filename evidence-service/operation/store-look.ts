import { setTimeout as wait } from "node:timers/promises";

/** A balancer asks every few seconds, each of several. */
const GOOD_FOR_MS = 5_000;
/** And waits no longer for its answer than this leaves it. */
const PATIENCE_MS = 1_000;

/** Whether the stored files are away, as of a moment ago: asked once for all who want to know. */
export class StoreLook {
  readonly #ask: () => Promise<boolean>;
  #looked: { readonly atMs: number; readonly answer: Promise<boolean> } | null = null;

  constructor(ask: () => Promise<boolean>) {
    this.#ask = ask;
  }

  /** A store that lets one wait is away. */
  async isAway(): Promise<boolean> {
    const nowMs = performance.now();
    if (this.#looked === null || nowMs - this.#looked.atMs >= GOOD_FOR_MS) {
      // Whatever cannot be asked keeps nobody from being told of the rest.
      this.#looked = { atMs: nowMs, answer: this.#ask().catch(() => true) };
    }
    return Promise.race([this.#looked.answer, wait(PATIENCE_MS, true, { ref: false })]);
  }
}
