/** How far behind the present live pictures are shown, so that each has come when it is due. Pure. */

const WINDOW_MS = 10_000;
/** As many of the frames as this have come in time; one that this page was late for makes no picture late. */
const IN_TIME = 0.97;
/** What it takes to decode a picture and to draw it. */
const MARGIN_MS = 150;

/** One for all tiles of a camera: they aim at one instant and so show one picture. */
export class FrameDelay {
  #arrivals: { readonly atMs: number; readonly lateMs: number }[] = [];
  #isSorted = true;
  #lateMs: number | null = null;

  /** @param lateMs from the instant of a frame to its arrival, by whatever clocks: always the same two */
  add(atMs: number, lateMs: number): void {
    const oldest = this.#arrivals[0];
    if (oldest !== undefined && atMs - oldest.atMs > WINDOW_MS)
      this.#arrivals = this.#arrivals.filter((each) => atMs - each.atMs <= WINDOW_MS);
    this.#arrivals.push({ atMs, lateMs });
    this.#isSorted = false;
  }

  /** From the present to the instant that is to be shown; null before any frame has come. */
  get delayMs(): number | null {
    if (!this.#isSorted) this.#lateMs = this.#usualLate();
    this.#isSorted = true;
    return this.#lateMs === null ? null : this.#lateMs + MARGIN_MS;
  }

  #usualLate(): number | null {
    const sorted = this.#arrivals.map(({ lateMs }) => lateMs).sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * IN_TIME))] ?? null;
  }
}
