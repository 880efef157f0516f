import { clientLeftRefusal } from "../http/client-left.ts";
import { Refusal } from "../http/refusal.ts";

/** Whoever waits for a join, where somebody does who may leave. */
export interface Asker {
  /** As the audit trail names it. */
  readonly client: string;
  /** Aborts when the client has left. */
  readonly signal: AbortSignal;
}

/** Of one client, that nobody else has begun: who opens many evidences keeps the others waiting for so many. */
const OF_ONE_CLIENT = 4;
const RETRY_AFTER_S = 5;

interface Running<T> {
  readonly result: Promise<T>;
  readonly beganFor: string | null;
  readonly ends: AbortController;
  waiting: number;
}

/** Joins under way. Who asks for the same waits for the same; one that nobody waits for any more ends. */
export class SharedJoins<T> {
  readonly #running = new Map<string, Running<T>>();

  /**
   * @param asker nobody who could leave, where it is absent
   * @throws Refusal 429 JOINS_BUSY, 408 when the asker left
   */
  async get(key: string, begin: (signal: AbortSignal) => Promise<T>, asker?: Asker): Promise<T> {
    if (asker?.signal.aborted === true) throw clientLeftRefusal();
    const running = this.#running.get(key) ?? this.#begin(key, begin, asker);
    running.waiting += 1;
    if (asker === undefined) return running.result;
    return this.#unlessLeft(key, running, asker.signal);
  }

  #begin(key: string, begin: (signal: AbortSignal) => Promise<T>, asker: Asker | undefined): Running<T> {
    const beganFor = asker?.client ?? null;
    this.#refuseTooMany(beganFor);
    const ends = new AbortController();
    const running = { result: begin(ends.signal), beganFor, ends, waiting: 0 };
    this.#running.set(key, running);
    const forget = (): void => this.#forget(key, running);
    running.result.then(forget, forget);
    return running;
  }

  #refuseTooMany(client: string | null): void {
    if (client === null) return;
    const theirs = [...this.#running.values()].filter(({ beganFor }) => beganFor === client);
    if (theirs.length < OF_ONE_CLIENT) return;
    const detail = "So many videos are being put together for you already; try again in a moment.";
    throw new Refusal("JOINS_BUSY", detail, { retryAfterS: RETRY_AFTER_S });
  }

  async #unlessLeft(key: string, running: Running<T>, signal: AbortSignal): Promise<T> {
    let leave = (): void => undefined;
    const left = new Promise<never>((_resolve, reject) => {
      leave = (): void => {
        reject(clientLeftRefusal());
        running.waiting -= 1;
        if (running.waiting === 0) this.#end(key, running);
      };
      signal.addEventListener("abort", leave, { once: true });
    });
    try {
      return await Promise.race([running.result, left]);
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  /** Whoever asks from now on begins anew. */
  #end(key: string, running: Running<T>): void {
    this.#forget(key, running);
    running.ends.abort(clientLeftRefusal());
  }

  #forget(key: string, running: Running<T>): void {
    if (this.#running.get(key) === running) this.#running.delete(key);
  }
}
