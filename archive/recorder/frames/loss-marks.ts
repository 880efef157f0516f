/** Moments that are kept: more than come while a frame waits to be dated. */
const KEPT = 256;

/** When packets of a camera were seen to be missing. By the clock that only goes forward, microseconds. */
export class LossMarks {
  #noticedUs: number[] = [];

  note(atUs: number): void {
    this.#noticedUs.push(atUs);
    if (this.#noticedUs.length > 2 * KEPT) this.#noticedUs = this.#noticedUs.slice(-KEPT);
  }

  /** Whether it was seen after one moment and by another. */
  isBetween(afterUs: number, untilUs: number): boolean {
    return this.#noticedUs.some((atUs) => atUs > afterUs && atUs <= untilUs);
  }
}
