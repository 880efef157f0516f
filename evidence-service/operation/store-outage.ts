/**
 * The log says once that the stored files are away, and once that they are back, also where a store only lets one wait:
 * it is asked every few seconds.
 */
import type { FastifyBaseLogger } from "fastify";

/** A store that has not answered for so long is away. */
const PATIENCE_MS = 10_000;
const CODE = "FILES_AWAY";
const AWAY = "the stored files cannot be reached; whatever needs them goes on by itself once they are back";

export interface StoreOutageParts {
  readonly log: Pick<FastifyBaseLogger, "warn">;
  /** Asks the store for something small; throws while it is away. */
  readonly ask: () => Promise<unknown>;
  /** Whether the store is to blame for what asking it threw; another error goes to `report`. */
  readonly saysAway: (error: unknown) => boolean;
  readonly report: (error: unknown, message: string) => void;
  /** Milliseconds that nobody can set; the system's unless a test says otherwise. */
  readonly passedMs?: () => number;
}

export class StoreOutage {
  readonly #parts: StoreOutageParts;
  #askedAtMs: number | null = null;
  #isAway = false;
  #isClosed = false;

  constructor(parts: StoreOutageParts) {
    this.#parts = parts;
  }

  /** What needs the store failed by it. */
  failed(error: unknown): void {
    this.#away(error);
  }

  /** To be called every few seconds; waits for no answer. */
  look(): void {
    const { ask, passedMs = () => performance.now() } = this.#parts;
    if (this.#askedAtMs !== null) {
      if (passedMs() - this.#askedAtMs >= PATIENCE_MS) this.#away(new Error("The store does not answer."));
      return;
    }
    this.#askedAtMs = passedMs();
    void ask()
      .then(
        () => this.#isBack(),
        (error: unknown) => this.#judge(error),
      )
      .finally(() => (this.#askedAtMs = null));
  }

  /** Nothing is logged any more. */
  close(): void {
    this.#isClosed = true;
  }

  #judge(error: unknown): void {
    const { saysAway, report } = this.#parts;
    if (saysAway(error)) this.#away(error);
    else report(error, "the store of the files cannot be asked");
  }

  #away(error: unknown): void {
    if (this.#isAway || this.#isClosed) return;
    this.#isAway = true;
    this.#parts.log.warn({ err: error, code: CODE }, AWAY);
  }

  #isBack(): void {
    if (!this.#isAway || this.#isClosed) return;
    this.#isAway = false;
    this.#parts.log.warn({ code: CODE }, "the stored files are back");
  }
}
