/**
 * While the database is away everything that asks it fails, again and again: the log says once that it is away, and once
 * that it is back. One that went back does not come back by itself: `TrailWatch` says so, once, and nothing follows until
 * the service is ended. What fails for another reason is logged as it comes.
 */
import type { FastifyBaseLogger } from "fastify";
import { saysDatabaseAway, wentBackOf } from "../storage/metadata-unreachable.ts";

export interface OutageLogParts {
  readonly log: Pick<FastifyBaseLogger, "error" | "warn">;
  /** Asks the database for something small; throws while it is away. */
  readonly ask: () => Promise<unknown>;
  /** Between two tries; 2 seconds unless a test says otherwise. */
  readonly askEveryMs?: number;
}

const ASK_EVERY_MS = 2_000;

export class OutageLog {
  readonly #parts: OutageLogParts;
  #asking: NodeJS.Timeout | null = null;
  #suspecting: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(parts: OutageLogParts) {
    this.#parts = parts;
  }

  get #askEveryMs(): number {
    return this.#parts.askEveryMs ?? ASK_EVERY_MS;
  }

  /** @param message what failed */
  error(error: unknown, message: string): void {
    if (saysDatabaseAway(error)) this.#isAway(error);
    else this.#parts.log.error(error, message);
  }

  /** A connection that nobody was using was lost: whether it alone, a moment later tells. */
  lost(message: string): void {
    if (this.#asking !== null || this.#suspecting !== null || this.#isClosed) return;
    this.#suspecting = setTimeout(() => void this.#findOut(message), this.#askEveryMs);
    this.#suspecting.unref();
  }

  /** Nothing is asked any more. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#asking ?? undefined);
    clearTimeout(this.#suspecting ?? undefined);
  }

  #isAway(error: unknown): void {
    if (this.#asking !== null || this.#isClosed || wentBackOf(error) !== null) return;
    const words = "the database cannot be reached; whatever needs it goes on by itself once it is back";
    this.#parts.log.warn(error, words);
    this.#askLater();
  }

  async #findOut(message: string): Promise<void> {
    try {
      await this.#parts.ask();
      if (this.#asking === null) this.#parts.log.warn(message);
    } catch (error) {
      this.error(error, message);
    } finally {
      this.#suspecting = null;
    }
  }

  #askLater(): void {
    this.#asking = setTimeout(() => void this.#ask(), this.#askEveryMs);
    this.#asking.unref();
  }

  async #ask(): Promise<void> {
    try {
      await this.#parts.ask();
      this.#asking = null;
      this.#parts.log.warn("the database is back");
    } catch (error) {
      // The same as before; whoever asks the service is told so.
      if (wentBackOf(error) !== null) this.close();
      else if (!this.#isClosed) this.#askLater();
    }
  }
}
