/**
 * Search in evidence and cases, in a thread of its own: one search after the other, each for a bounded time, and a queue
 * that refuses.
 */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { Refusal } from "../http/refusal.ts";
import { answerSchema, type SearchAsked, type SearchKind } from "./search-messages.ts";

/** Usual searches take milliseconds. */
const MOST_WAITING = 64;
const LONGEST_MS = 5_000;
const RETRY_AFTER_S = 2;
const MODULE = join(
  import.meta.dirname,
  import.meta.url.endsWith(".ts") ? "search-thread.ts" : "search-thread.js",
);

interface Waiting {
  readonly asked: SearchAsked;
  readonly resolve: (seqs: number[]) => void;
  readonly reject: (reason: Error) => void;
}

export interface SearchPort {
  /**
   * Numbers of the rows whose words match, newest first.
   * @param query of `searchQueryOf`
   * @throws Refusal 503 SEARCH_BUSY when too many wait, 503 SEARCH_TOO_LONG
   */
  find(kind: SearchKind, query: string, page: SearchPage): Promise<number[]>;
}

/** So many rows at most, of those with a smaller number than `below`. */
export type SearchPage = Pick<SearchAsked, "below" | "limit">;

export class Search implements SearchPort {
  readonly #file: string;
  /** The first is being answered. */
  readonly #waiting: Waiting[] = [];
  #worker: Worker | null = null;
  #timer: NodeJS.Timeout | undefined;
  #lastId = 0;

  /** @param file of the database */
  constructor(file: string) {
    this.#file = file;
  }

  find(kind: SearchKind, query: string, page: SearchPage): Promise<number[]> {
    if (this.#waiting.length >= MOST_WAITING) {
      const detail = `Too many searches wait; try again in ${RETRY_AFTER_S} seconds.`;
      return Promise.reject(new Refusal("SEARCH_BUSY", detail, { retryAfterS: RETRY_AFTER_S }));
    }
    this.#lastId += 1;
    const asked = { id: this.#lastId, kind, query, ...page };
    return new Promise((resolve, reject) => {
      this.#waiting.push({ asked, resolve, reject });
      if (this.#waiting.length === 1) this.#askNext();
    });
  }

  async close(): Promise<void> {
    this.#end(new Error("The service stops."));
    while (this.#waiting.length > 0) this.#waiting.shift()?.reject(new Error("The service stops."));
  }

  #askNext(): void {
    const [next] = this.#waiting;
    if (next === undefined) return;
    this.#ensureWorker().postMessage(next.asked);
    this.#timer = setTimeout(() => {
      const detail = "The search takes too long. Search for a longer word, or for fewer.";
      this.#end(new Refusal("SEARCH_TOO_LONG", detail, { retryAfterS: RETRY_AFTER_S }));
    }, LONGEST_MS);
  }

  #ensureWorker(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(MODULE, { workerData: { file: this.#file } });
    worker.unref();
    worker.on("message", (message: unknown) => this.#settle(message));
    worker.on("error", (error: Error) => this.#fail(worker, error));
    worker.on("exit", () => this.#fail(worker, new Error("The thread that searches has ended.")));
    this.#worker = worker;
    return worker;
  }

  #settle(message: unknown): void {
    const { id, seqs } = answerSchema.parse(message);
    if (this.#waiting[0]?.asked.id !== id) return;
    clearTimeout(this.#timer);
    this.#waiting.shift()?.resolve(seqs);
    this.#askNext();
  }

  #fail(worker: Worker, reason: Error): void {
    if (this.#worker === worker) this.#end(reason);
  }

  /** Gives up the search under way, and its thread; the next ones get another. */
  #end(reason: Error): void {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    this.#worker = null;
    void worker?.terminate();
    this.#waiting.shift()?.reject(reason);
    this.#askNext();
  }
}
