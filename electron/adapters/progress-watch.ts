import { formatRoughDuration } from "#shared/words/durations.ts";
import { untilDropped } from "./connections.ts";

/**
 * After this long without a byte, a try is given up and started again: an answer that has not come by then will not
 * come.
 */
export const NO_PROGRESS_MS = 60_000;

/** Why a try was given up: nothing moved. */
export class Stalled extends Error {
  readonly limitMs: number;

  constructor(limitMs: number) {
    super(`nothing has moved for ${formatRoughDuration(limitMs)}`);
    this.name = "Stalled";
    this.limitMs = limitMs;
  }
}

/**
 * Ends a try in which nothing moves any more, or whose connection is dropped with all others. The wall clock plays no
 * part in it.
 */
export class ProgressWatch implements Disposable {
  /** Aborts with what the caller's does, with `Stalled` or with `ConnectionsDropped`. */
  readonly signal: AbortSignal;
  readonly #stalled = new AbortController();
  readonly #dropped = untilDropped();
  readonly #limitMs: number;
  #movedAtMs = performance.now();
  #aside = 0;
  #timer: NodeJS.Timeout;

  constructor(signal: AbortSignal, limitMs: number = NO_PROGRESS_MS) {
    this.#limitMs = limitMs;
    this.signal = AbortSignal.any([signal, this.#stalled.signal, this.#dropped]);
    this.#timer = this.#lookIn(limitMs);
  }

  /** A byte went one way or the other. */
  moved(): void {
    this.#movedAtMs = performance.now();
  }

  /** Waiting of our own, as for the bandwidth cap: the other side is not at fault. */
  async aside<T>(work: () => Promise<T>): Promise<T> {
    this.#aside += 1;
    try {
      return await work();
    } finally {
      this.#aside -= 1;
      this.#movedAtMs = performance.now();
    }
  }

  /** @returns why the try was given up here, else what it failed with */
  causeOf(error: unknown): unknown {
    const ended = [this.#stalled.signal, this.#dropped].find(({ aborted }) => aborted);
    return ended === undefined ? error : ended.reason;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }

  #look(): void {
    const silentMs = this.#aside > 0 ? 0 : performance.now() - this.#movedAtMs;
    if (silentMs >= this.#limitMs) this.#stalled.abort(new Stalled(this.#limitMs));
    else this.#timer = this.#lookIn(this.#limitMs - silentMs);
  }

  #lookIn(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#look(), ms).unref();
  }
}

/** A single answer, of which nothing shows before it is there. @throws Stalled when it does not come */
export async function withProgressWatch<T>(
  signal: AbortSignal,
  limitMs: number,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  using watch = new ProgressWatch(signal, limitMs);
  try {
    const answer = await ask(watch.signal);
    watch.moved();
    return answer;
  } catch (error) {
    throw watch.causeOf(error);
  }
}
