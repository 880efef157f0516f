import type { Metadata, MetadataTransaction } from "./metadata-tables.ts";

type Change<T> = (transaction: MetadataTransaction) => Promise<T>;

interface Waiting {
  /** Makes its change, or is refused and makes none. */
  readonly make: (transaction: MetadataTransaction) => Promise<void>;
  readonly committed: () => void;
  readonly failed: (error: unknown) => void;
}

/** More of them would keep others' transactions waiting. */
const MOST_AT_ONCE = 64;

/** Small changes of many that are committed together: all that come until it is their turn are one transaction. */
export class SharedCommits {
  readonly #db: Metadata;
  readonly #isRefusal: (error: unknown) => boolean;
  readonly #waiting: Waiting[] = [];
  /** A transaction was asked for and has not begun. */
  #isAsked = false;

  /** @param isRefusal whether an error of a change means that it changed nothing, and is nobody else's matter */
  constructor(db: Metadata, isRefusal: (error: unknown) => boolean) {
    this.#db = db;
    this.#isRefusal = isRefusal;
  }

  /** @returns when the change is on stable storage @throws what the change throws, and it alone where it is a refusal */
  run<T>(change: Change<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let settle = (): void => undefined;
      const make = async (transaction: MetadataTransaction): Promise<void> => {
        try {
          const result = await change(transaction);
          settle = () => resolve(result);
        } catch (error) {
          if (!this.#isRefusal(error)) throw error;
          settle = () => reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      this.#waiting.push({ make, committed: () => settle(), failed: reject });
      if (!this.#isAsked) void this.#commit();
    });
  }

  /** The next one begins while this one waits for the disk. */
  async #commit(): Promise<void> {
    this.#isAsked = true;
    const taken: Waiting[] = [];
    const take = (): void => {
      this.#isAsked = false;
      taken.push(...this.#waiting.splice(0, MOST_AT_ONCE));
      if (this.#waiting.length > 0) void this.#commit();
    };
    try {
      await this.#db.transaction().execute(async (transaction) => {
        take();
        for (const { make } of taken) await make(transaction);
      });
      for (const { committed } of taken) committed();
    } catch (error) {
      // Where it could not even begin, nobody else would tell them.
      if (taken.length === 0) take();
      for (const { failed } of taken) failed(error);
    }
  }
}
