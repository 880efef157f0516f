/**
 * Buffers of one size that are used again. Reading a day's footage into new ones would hold hundreds of megabytes:
 * the memory outside of the heap that they leave behind is collected late.
 */
export class BufferPool {
  readonly sizeBytes: number;
  readonly #mostFree: number;
  readonly #free: Buffer[] = [];
  readonly #own = new WeakSet<ArrayBufferLike>();

  /** @param mostFree buffers kept for later; what comes back beyond that is let go of */
  constructor(sizeBytes: number, mostFree = Infinity) {
    this.sizeBytes = sizeBytes;
    this.#mostFree = mostFree;
  }

  take(): Buffer {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    const made = Buffer.allocUnsafeSlow(this.sizeBytes);
    this.#own.add(made.buffer);
    return made;
  }

  /** Takes a buffer back, or a part of one, whose bytes nobody needs any more; others are left alone. */
  giveBack(part: Buffer): void {
    if (this.#free.length < this.#mostFree && this.#own.has(part.buffer)) {
      this.#free.push(Buffer.from(part.buffer, 0, this.sizeBytes));
    }
  }
}
