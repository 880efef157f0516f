/**
 * Comparing a password is slow on purpose. It has a thread of its own, so that a storm of guesses takes nothing from
 * the threads that read and write files, and a queue that refuses.
 */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { z } from "zod";
import { formatRoughDuration } from "#shared/words/durations.ts";
import { Refusal } from "../http/refusal.ts";

/** At some 80 ms each the last of them waits two or three seconds. */
const MOST_WAITING = 32;
/** One address leaves room for the others. */
const MOST_WAITING_OF_ONE = 4;
const RETRY_AFTER_S = 3;

const answerSchema = z.object({ id: z.int(), matches: z.boolean() });
const MODULE = join(
  import.meta.dirname,
  import.meta.url.endsWith(".ts") ? "password-worker.ts" : "password-worker.js",
);

interface Waiting {
  readonly address: string;
  readonly resolve: (matches: boolean) => void;
  readonly reject: (reason: Error) => void;
}

export class PasswordPool {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #lastId = 0;

  /**
   * @param stored the hash; null for a user who is not known: it takes as long, and never matches
   * @param address whose place in the queue it takes
   * @throws Refusal 503 SIGN_IN_BUSY when too many wait
   */
  async matches(password: string, stored: string | null, address: string): Promise<boolean> {
    const ofAddress = [...this.#waiting.values()].filter((waiting) => waiting.address === address);
    if (this.#waiting.size >= MOST_WAITING || ofAddress.length >= MOST_WAITING_OF_ONE) throw busy();
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { address, resolve, reject });
      this.#ensureWorker().postMessage({ id, password, stored });
    });
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #ensureWorker(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(MODULE);
    worker.unref();
    worker.on("message", (message: unknown) => this.#settle(message));
    worker.on("error", (error: Error) => this.#failAll(worker, error));
    worker.on("exit", () =>
      this.#failAll(worker, new Error("The thread that compares passwords has ended.")),
    );
    this.#worker = worker;
    return worker;
  }

  #settle(message: unknown): void {
    const { id, matches } = answerSchema.parse(message);
    this.#waiting.get(id)?.resolve(matches);
    this.#waiting.delete(id);
  }

  #failAll(worker: Worker, reason: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of lost) reject(reason);
  }
}

function busy(): Refusal {
  const detail = `Too many people are signing in at this moment; try again in ${formatRoughDuration(RETRY_AFTER_S * 1_000)}.`;
  return new Refusal("SIGN_IN_BUSY", detail, { retryAfterS: RETRY_AFTER_S });
}
