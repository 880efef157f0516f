import { clientLeftRefusal } from "./client-left.ts";
import { Refusal } from "./refusal.ts";
import type { RefusalCode } from "./refusal-codes.ts";

export interface TurnLimits {
  /** Of one client. */
  readonly atATime: number;
  /** Of one client, beside those. */
  readonly waitingMax: number;
  /** Of a refusal. */
  readonly code: RefusalCode;
  readonly detail: string;
}

const RETRY_AFTER_S = 5;

interface Waiting {
  readonly begin: () => void;
}

interface Client {
  running: number;
  readonly waiting: Waiting[];
}

/** How much of one kind of work is done for one client at a time; nobody waits for what another one asked. */
export class ClientTurns {
  readonly #limits: TurnLimits;
  readonly #clients = new Map<string, Client>();

  constructor(limits: TurnLimits) {
    this.#limits = limits;
  }

  /**
   * Takes a turn, in the order of asking.
   * @param signal aborts when the client has left; ends waiting
   * @returns gives the turn back; twice is the same as once
   * @throws Refusal 429, or 408 when the client left before it began
   */
  async take(client: string, signal: AbortSignal): Promise<() => void> {
    if (signal.aborted) throw clientLeftRefusal();
    const known = this.#clients.get(client) ?? { running: 0, waiting: [] };
    this.#clients.set(client, known);
    if (known.running < this.#limits.atATime) known.running += 1;
    else await this.#wait(known, signal);
    let isTaken = true;
    return () => {
      if (isTaken) this.#giveBack(client, known);
      isTaken = false;
    };
  }

  /** Resolves with the turn taken: whoever gives one back hands it on. */
  async #wait({ waiting }: Client, signal: AbortSignal): Promise<void> {
    const { waitingMax, code, detail } = this.#limits;
    if (waiting.length >= waitingMax) throw new Refusal(code, detail, { retryAfterS: RETRY_AFTER_S });
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        waiting.splice(waiting.indexOf(mine), 1);
        reject(clientLeftRefusal());
      };
      const begin = (): void => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const mine = { begin };
      waiting.push(mine);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  #giveBack(client: string, known: Client): void {
    const next = known.waiting.shift();
    if (next !== undefined) return next.begin();
    known.running -= 1;
    if (known.running === 0) this.#clients.delete(client);
  }
}
