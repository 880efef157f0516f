interface HeldLocks {
  /** Changes under way that are done beside each other. */
  readonly shared: Set<Promise<unknown>>;
  /** Settles when the last one that wants to be alone has ended; null where none does. */
  exclusive: Promise<unknown> | null;
  waiting: number;
}

/**
 * Who may change a blob when: single blocks beside each other, a list that takes its time alone. Nobody waits for
 * another blob's.
 */
export class BlobLocks {
  readonly #blobs = new Map<string, HeldLocks>();

  /** Waits while somebody is alone with the blob, or waits to be. */
  async shared<T>(blobName: string, work: () => Promise<T>): Promise<T> {
    return this.#within(blobName, async (locks) => {
      while (locks.exclusive !== null) await locks.exclusive;
      const running = work();
      const ended = settled(running);
      locks.shared.add(ended);
      void ended.then(() => locks.shared.delete(ended));
      return running;
    });
  }

  /** Begins when everybody before has ended. */
  async exclusive<T>(blobName: string, work: () => Promise<T>): Promise<T> {
    return this.#within(blobName, async (locks) => {
      const before = locks.exclusive;
      const running = (async () => {
        await before;
        await Promise.all(locks.shared);
        return work();
      })();
      const mine = settled(running).then(() => {
        if (locks.exclusive === mine) locks.exclusive = null;
      });
      locks.exclusive = mine;
      return running;
    });
  }

  /** When nothing is changed any more that was begun before. */
  async settled(): Promise<void> {
    const running = [...this.#blobs.values()];
    await Promise.all(running.flatMap(({ shared }) => [...shared]));
    await Promise.all(running.flatMap(({ exclusive }) => (exclusive === null ? [] : [exclusive])));
  }

  async #within<T>(blobName: string, work: (locks: HeldLocks) => Promise<T>): Promise<T> {
    const locks = this.#blobs.get(blobName) ?? { shared: new Set(), exclusive: null, waiting: 0 };
    this.#blobs.set(blobName, locks);
    locks.waiting += 1;
    try {
      return await work(locks);
    } finally {
      locks.waiting -= 1;
      if (locks.waiting === 0) this.#blobs.delete(blobName);
    }
  }
}

async function settled(work: Promise<unknown>): Promise<void> {
  await work.then(
    () => undefined,
    () => undefined, // Whoever asked for it is told.
  );
}
