/** Reading that waits for its storage longer than this does not keep the next one waiting, milliseconds. */
const LONGEST_TURN_MS = 10;

/**
 * Evidence that arrives goes before evidence that is looked at. While somebody sends, what is read for others is read one
 * step after the other: sixty viewers who ask at the same moment would have sixty steps in each round of the event loop,
 * and every piece of a block would wait for all of them.
 */
export class SenderPriority {
  #sending = 0;
  /** Resolves when the next step may begin. */
  #next: Promise<void> = Promise.resolve();

  /** Takes in bytes: what is read for others gives way until it has ended. */
  async sending<T>(work: () => Promise<T>): Promise<T> {
    this.#sending += 1;
    try {
      return await work();
    } finally {
      this.#sending -= 1;
    }
  }

  /** One step of reading, in the order of asking; at once where nobody sends. */
  async giveWay<T>(step: () => Promise<T>): Promise<T> {
    if (this.#sending === 0) return step();
    const before = this.#next;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#next = promise;
    await before;
    const timer = setTimeout(resolve, LONGEST_TURN_MS);
    try {
      return await step();
    } finally {
      clearTimeout(timer);
      resolve();
    }
  }

  /** The same bytes, each chunk a step; a reader who takes his time holds nobody's turn. */
  async *inSteps(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const chunks = bytes[Symbol.asyncIterator]();
    try {
      for (;;) {
        const chunk = await this.giveWay(() => chunks.next());
        if (chunk.done) return;
        yield chunk.value;
      }
    } finally {
      await chunks.return?.();
    }
  }
}
