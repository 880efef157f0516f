/** How much is kept. The entry that was asked for last stays, however much it weighs. */
export interface CacheBounds<T> {
  readonly mostEntries: number;
  /** Of all entries together; entries that are still being made weigh nothing yet. */
  readonly mostWeight?: number;
  /** In bytes, frames, or whatever the bound counts. */
  readonly weightOf?: (value: T) => number;
}

interface Entry<T> {
  readonly promise: Promise<T>;
  /** What the promise brought. */
  made?: { readonly value: T; readonly weight: number };
}

/**
 * Things that take a while to make and are asked for again: who asks meanwhile waits for the same one. What failed is
 * forgotten at once, so that it is tried again; of the rest the ones asked for longest ago go first.
 */
export class PromiseCache<T> {
  readonly #bounds: CacheBounds<T>;
  /** The least recently asked for first. */
  readonly #entries = new Map<string, Entry<T>>();

  constructor(bounds: CacheBounds<T>) {
    this.#bounds = bounds;
  }

  /** What is kept under the key, or else what `make` promises. */
  get(key: string, make: () => Promise<T>): Promise<T> {
    return this.find(key) ?? this.#begin(key, make()).promise;
  }

  /** What is kept under the key, which counts as asking for it. */
  find(key: string): Promise<T> | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.promise;
  }

  /** Forgets a value that is not right any more. */
  drop(value: T): void {
    for (const [key, { made }] of this.#entries) if (made?.value === value) this.#entries.delete(key);
  }

  /** Forgets what is kept under the key, made or still being made. */
  forget(key: string): void {
    this.#entries.delete(key);
  }

  #begin(key: string, promise: Promise<T>): Entry<T> {
    const entry: Entry<T> = { promise };
    this.#entries.set(key, entry);
    this.#makeRoom();
    promise.then(
      (value) => {
        entry.made = { value, weight: this.#bounds.weightOf?.(value) ?? 0 };
        this.#makeRoom();
      },
      () => {
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
      },
    );
    return entry;
  }

  #makeRoom(): void {
    const { mostEntries, mostWeight = Infinity } = this.#bounds;
    let weight = [...this.#entries.values()].reduce((sum, { made }) => sum + (made?.weight ?? 0), 0);
    for (const [key, { made }] of this.#entries) {
      const isEnough = this.#entries.size <= mostEntries && weight <= mostWeight;
      if (isEnough || this.#entries.size === 1) return;
      this.#entries.delete(key);
      weight -= made?.weight ?? 0;
    }
  }
}
