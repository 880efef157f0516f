/** Over so much time of moving the rate is taken: it neither jumps nor lags. */
const WINDOW_MS = 10_000;

/** Less than this tells nothing of a rate. */
const LEAST_MS = 500;

/**
 * Bytes per second while something moves. Time in which nothing is on its way does not count, so that a
 * line that waits for the next part is not taken for a slow one; what was measured last stays known. Nor does the very
 * first piece: it comes out of buffers, and what is asked and connected before it is no transfer. Nor does a standstill,
 * as of a computer that slept: it is measured anew behind it. Only where one follows the other is the line that slow.
 */
export class ActiveRate {
  #activities = 0;
  #sinceMs = 0;
  #hasMoved = false;
  #hasStoodStill = false;
  #pieces: { ms: number; bytes: number }[] = [];

  begin(nowMs: number): void {
    if (this.#activities === 0) this.#sinceMs = nowMs;
    this.#activities += 1;
  }

  /** A try begins after a pause: time until now was no transfer. */
  resume(nowMs: number): void {
    this.#sinceMs = nowMs;
  }

  moved(bytes: number, nowMs: number): void {
    const ms = this.#activities === 0 ? 0 : nowMs - this.#sinceMs;
    this.#sinceMs = nowMs;
    if (ms < WINDOW_MS || (bytes > 0 && this.#hasStoodStill)) {
      if (this.#hasMoved) this.#pieces.push({ ms, bytes });
    } else if (bytes > 0) this.#pieces = [];
    if (bytes > 0) this.#hasStoodStill = ms >= WINDOW_MS;
    this.#hasMoved ||= bytes > 0;
    this.#forgetOld();
  }

  end(nowMs: number): void {
    this.moved(0, nowMs);
    this.#activities = Math.max(0, this.#activities - 1);
  }

  /** Bytes per second, or null while too little has moved to tell. */
  get(): number | null {
    return rateOf(this.#pieces, 0);
  }

  /** As `get` while something is on its way: it falls while nothing comes, and is null once that lasts. */
  current(nowMs: number): number | null {
    const stillMs = nowMs - this.#sinceMs;
    if (this.#activities === 0 || this.isStill(nowMs)) return null;
    return rateOf(this.#pieces, stillMs);
  }

  /** Something is on its way, and nothing of it has come for long: nobody knows when it will. */
  isStill(nowMs: number): boolean {
    return this.#activities > 0 && nowMs - this.#sinceMs >= WINDOW_MS;
  }

  #forgetOld(): void {
    let ms = sumOf(this.#pieces, "ms");
    while (this.#pieces.length > 1 && ms - (this.#pieces[0]?.ms ?? 0) > WINDOW_MS) {
      ms -= this.#pieces.shift()?.ms ?? 0;
    }
  }
}

type Piece = { readonly ms: number; readonly bytes: number };

function rateOf(pieces: readonly Piece[], stillMs: number): number | null {
  const ms = sumOf(pieces, "ms");
  const bytes = sumOf(pieces, "bytes");
  return ms < LEAST_MS || bytes === 0 ? null : (bytes * 1000) / (ms + stillMs);
}

function sumOf(pieces: readonly Piece[], what: "ms" | "bytes"): number {
  return pieces.reduce((sum, piece) => sum + piece[what], 0);
}
