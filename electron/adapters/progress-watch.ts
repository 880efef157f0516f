import { untilDropped } from "./connections.ts";

/** Without a byte for this long a try is given up and begun anew: an answer that has not come by then does not come. */
export const NO_PROGRESS_MS = 60_000;
/** On a line that others fill, a byte of one's own may take longer; not longer than this. */
const MOST_TIMES = 10;

/** Why a try was given up: nothing moved. */
export class Stalled extends Error {
  readonly limitMs: number;

  constructor(limitMs: number) {
    super(`nothing has moved for ${Math.round(limitMs / 1000)} s`);
    this.name = "Stalled";
    this.limitMs = limitMs;
  }
}

/** What moves on one line, whoever moves it. */
export class LineProgress {
  #movedAtMs = -Infinity;

  moved(): void {
    this.#movedAtMs = performance.now();
  }

  silentForMs(): number {
    return performance.now() - this.#movedAtMs;
  }
}

export interface ProgressWatchOptions {
  readonly limitMs?: number;
  /** Of everything that goes over the same line; left out where nothing else does. */
  readonly line?: LineProgress;
}

/** Ends a try in which nothing moves any more, or whose connection is given up with all others. Time that clocks tell has no part in it. */
export class ProgressWatch implements Disposable {
  /** Aborts with what the caller's does, with `Stalled` or with `ConnectionsDropped`. */
  readonly signal: AbortSignal;
  readonly #stalled = new AbortController();
  readonly #dropped = untilDropped();
  readonly #limitMs: number;
  readonly #line: LineProgress | null;
  #movedAtMs = performance.now();
  #aside = 0;
  #timer: NodeJS.Timeout;

  constructor(signal: AbortSignal, { limitMs = NO_PROGRESS_MS, line }: ProgressWatchOptions = {}) {
    this.#limitMs = limitMs;
    this.#line = line ?? null;
    this.signal = AbortSignal.any([signal, this.#stalled.signal, this.#dropped]);
    this.#timer = this.#lookIn(limitMs);
  }

  /** A byte went one way or the other. */
  moved(): void {
    this.#movedAtMs = performance.now();
    this.#line?.moved();
  }

  /** Waiting of our own, as for the bandwidth: the other side is not to blame for it. */
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
    const othersMoved = this.#line !== null && this.#line.silentForMs() < this.#limitMs;
    const mostMs = othersMoved ? this.#limitMs * MOST_TIMES : this.#limitMs;
    if (silentMs >= mostMs) this.#stalled.abort(new Stalled(this.#limitMs));
    else this.#timer = this.#lookIn(Math.max(this.#limitMs - silentMs, this.#limitMs / 10));
  }

  #lookIn(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#look(), ms).unref();
  }
}

/** One answer that has nothing to show before it is there. @throws Stalled when it does not come */
export async function watched<T>(
  signal: AbortSignal,
  options: ProgressWatchOptions,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  using watch = new ProgressWatch(signal, options);
  try {
    const answer = await ask(watch.signal);
    watch.moved();
    return answer;
  } catch (error) {
    throw watch.causeOf(error);
  }
}
