import type { CameraExportWork } from "../tracked/pipeline-context.ts";
import { ABORTED, type PortFailure, type PortOutcome } from "../ports/port-call.ts";

/**
 * Pieces of work of one camera export that end together: the first that fails ends the waiting and the work of all
 * others, whatever they wait for. So an export that is certain to end no longer stands in queues.
 */
export class CommonEnd {
  readonly #ending = new AbortController();
  readonly #pieces = new Set<Promise<unknown>>();
  #cause: PortFailure | null = null;
  #bug: { readonly error: unknown } | null = null;

  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** Never rejects: a bug ends all as well, and is thrown by `outcomeOf`. */
  async include<T>(work: () => Promise<PortOutcome<T>>): Promise<PortOutcome<T>> {
    const piece = this.#watched(work);
    this.#pieces.add(piece);
    return await piece;
  }

  /**
   * Waits until nothing is under way.
   * @returns the first failure, else the outcome itself
   * @throws the first bug of a piece
   */
  async outcomeOf<T>(outcome: PortOutcome<T>): Promise<PortOutcome<T>> {
    this.#ending.abort();
    await Promise.all(this.#pieces);
    if (this.#bug !== null) throw this.#bug.error;
    return this.#cause === null ? outcome : { ok: false, error: this.#cause };
  }

  async #watched<T>(work: () => Promise<PortOutcome<T>>): Promise<PortOutcome<T>> {
    try {
      const outcome = await work();
      if (!outcome.ok && outcome.error.kind !== "aborted") {
        this.#cause ??= outcome.error;
        this.#ending.abort();
      }
      return outcome;
    } catch (error) {
      this.#bug ??= { error };
      this.#ending.abort();
      return ABORTED;
    }
  }
}

/** Does a camera export's work with a common end of its own. When it returns, nothing is under way. */
export async function endingTogether(
  work: CameraExportWork,
  run: (part: CameraExportWork, together: CommonEnd) => Promise<PortOutcome<void>>,
): Promise<PortOutcome<void>> {
  const together = new CommonEnd();
  const call = { ...work.call, signal: AbortSignal.any([work.call.signal, together.signal]) };
  const part = { ...work, call };
  return await together.outcomeOf(await together.include(() => run(part, together)));
}
