interface Turns {
  /** Changes under way that are done beside each other. */
  readonly together: Set<Promise<unknown>>;
  /** Settles when the last one that wants to be alone has ended; null where none does. */
  alone: Promise<unknown> | null;
  waiting: number;
}

/**
 * Who may change a blob when: single blocks beside each other, a list that takes its time alone. Nobody waits for
 * another blob's.
 */
export class BlobTurns {
  readonly #blobs = new Map<string, Turns>();

  /** Waits while somebody is alone with the blob, or waits to be. */
  async together<T>(blobName: string, work: () => Promise<T>): Promise<T> {
    return this.#within(blobName, async (turns) => {
      while (turns.alone !== null) await turns.alone;
      const running = work();
      const ended = settled(running);
      turns.together.add(ended);
      void ended.then(() => turns.together.delete(ended));
      return running;
    });
  }

  /** Begins when everybody before has ended. */
  async alone<T>(blobName: string, work: () => Promise<T>): Promise<T> {
    return this.#within(blobName, async (turns) => {
      const before = turns.alone;
      const running = (async () => {
        await before;
        await Promise.all(turns.together);
        return work();
      })();
      const mine = settled(running).then(() => {
        if (turns.alone === mine) turns.alone = null;
      });
      turns.alone = mine;
      return running;
    });
  }

  /** When nothing is changed any more that was begun before. */
  async settled(): Promise<void> {
    const running = [...this.#blobs.values()];
    await Promise.all(running.flatMap(({ together }) => [...together]));
    await Promise.all(running.flatMap(({ alone }) => (alone === null ? [] : [alone])));
  }

  async #within<T>(blobName: string, work: (turns: Turns) => Promise<T>): Promise<T> {
    const turns = this.#blobs.get(blobName) ?? { together: new Set(), alone: null, waiting: 0 };
    this.#blobs.set(blobName, turns);
    turns.waiting += 1;
    try {
      return await work(turns);
    } finally {
      turns.waiting -= 1;
      if (turns.waiting === 0) this.#blobs.delete(blobName);
    }
  }
}

async function settled(work: Promise<unknown>): Promise<void> {
  await work.then(
    () => undefined,
    () => undefined, // Whoever asked for it is told.
  );
}
