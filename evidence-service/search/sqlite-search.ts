/**
 * Search by SQLite's index of words, in a thread of its own: one search after the other, each for a bounded time, and a
 * queue that refuses.
 */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { type SearchTerms, wordsOfSight } from "../storage/search-words.ts";
import { answerSchema, type SearchAsked } from "./search-messages.ts";
import {
  isNothingSeen,
  KINDS_SEARCHED,
  SEARCH_LONGEST_MS,
  type Searched,
  SEARCHES_WAITING_MOST,
  type SearchKind,
  type SearchPort,
} from "./search-port.ts";
import { searchBusy, searchTooLong } from "./search-refusals.ts";

const MODULE = join(
  import.meta.dirname,
  import.meta.url.endsWith(".ts") ? "search-thread.ts" : "search-thread.js",
);

interface Waiting {
  readonly asked: SearchAsked;
  readonly resolve: (seqs: number[]) => void;
  readonly reject: (reason: Error) => void;
}

export class SqliteSearch implements SearchPort {
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

  find(kind: SearchKind, { terms, sight, below, limit }: Searched): Promise<number[]> {
    if (isNothingSeen(sight)) return Promise.resolve([]);
    if (this.#waiting.length >= SEARCHES_WAITING_MOST) return Promise.reject(searchBusy());
    this.#lastId += 1;
    const seen = sight.all
      ? null
      : { ...sight, holders: [...sight.holders], kinds: [...KINDS_SEARCHED[kind]] };
    const asked = { id: this.#lastId, kind, query: ftsQueryOf(terms, seen), below, limit, seen };
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
      this.#end(searchTooLong());
    }, SEARCH_LONGEST_MS);
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

/** Terms as a query of SQLite's FTS5: words alone stand in its quotes, and none is an operator. */
function ftsQueryOf({ beginnings, exact }: SearchTerms, seen: SearchAsked["seen"]): string {
  const words = [...beginnings.map((word) => `"${word}"*`), ...exact.map((word) => `"${word}"`)];
  const whose = seen === null ? [] : wordsOfSight(seen.holders, seen.sentBy).map((word) => `"${word}"`);
  return [...words, ...(whose.length === 0 ? [] : [`(${whose.join(" OR ")})`])].join(" AND ");
}
