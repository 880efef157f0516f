import { MediaError } from "#media/media-error.ts";
import type { SessionIndexer } from "../index/session-indexer.ts";
import { sentenceOf, type Log } from "../ground/log.ts";

interface Finished {
  readonly session: string;
  readonly number: number;
}

/**
 * Puts finished footage files into the index, one after the other; what fails for now is tried again with the next one.
 */
export class FootageFileIndexing {
  readonly #indexer: SessionIndexer;
  readonly #log: Log;
  #waiting: Finished[] = [];
  #working: Promise<void> = Promise.resolve();

  constructor(indexer: SessionIndexer, log: Log) {
    this.#indexer = indexer;
    this.#log = log;
  }

  /** Resolves when the footage file is in the index, or could not be put there for now. */
  add(session: string, number: number): Promise<void> {
    this.#waiting.push({ session, number });
    return this.retry();
  }

  /** Tries again what could not be indexed, as on a full disk. */
  retry(): Promise<void> {
    this.#working = this.#working
      .then(() => this.#indexAll())
      .catch((error: unknown) => this.#log(`footage files wait to be indexed: ${sentenceOf(error)}`));
    return this.#working;
  }

  async #indexAll(): Promise<void> {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      await this.#index(next);
      // Not before: what failed for another reason, such as a full disk, is tried again.
      this.#waiting.shift();
    }
  }

  async #index({ session, number }: Finished): Promise<void> {
    try {
      await this.#indexer.index(session, number);
    } catch (error) {
      if (!(error instanceof MediaError)) throw error;
      this.#log(`footage file ${number} of session ${session} is unreadable and left out: ${error.message}`);
    }
  }
}
