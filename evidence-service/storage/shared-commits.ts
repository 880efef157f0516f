import type { Metadata, MetadataTransaction } from "./metadata-tables.ts";

type Change<T> = (transaction: MetadataTransaction) => Promise<T>;

interface Waiting {
  /** Makes its change; whether it was refused, and changed nothing. */
  readonly make: (transaction: MetadataTransaction) => Promise<void>;
  readonly committed: () => void;
  readonly failed: (error: unknown) => void;
}

/** More of them would keep others' transactions waiting. */
const MOST_AT_ONCE = 64;

/**
 * Small changes of many that are committed together. A commit waits for the disk, and with it every answer: forty
 * uploads whose blocks arrive meanwhile need one more and not forty.
 */
export class SharedCommits {
  readonly #db: Metadata;
  readonly #isRefusal: (error: unknown) => boolean;
  readonly #waiting: Waiting[] = [];
  #isRunning = false;

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
      if (!this.#isRunning) void this.#commitAll();
    });
  }

  async #commitAll(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      const some = this.#waiting.splice(0, MOST_AT_ONCE);
      try {
        await this.#db.transaction().execute(async (transaction) => {
          for (const { make } of some) await make(transaction);
        });
        for (const { committed } of some) committed();
      } catch (error) {
        for (const { failed } of some) failed(error);
      }
    }
    this.#isRunning = false;
  }
}
