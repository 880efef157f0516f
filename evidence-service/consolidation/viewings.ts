/** Somebody who plays an evidence. */
export interface Viewing {
  readonly actor: string;
  readonly evidenceId: string;
}

/** A player that is paused asks for nothing; whoever comes back after so long watches anew. */
const OVER_AFTER_MS = 15 * 60_000;
/** Of those that are remembered; the one that was quiet longest is forgotten first, and is an entry more. */
const REMEMBERED_MAX = 10_000;

/** Who is watching what, so that the hundreds of pieces of a viewing are one entry of the audit trail. */
export class Viewings {
  readonly #passedMs: () => number;
  readonly #latest = new Map<string, number>();

  /** @param passedMs milliseconds that nobody can set */
  constructor(passedMs: () => number) {
    this.#passedMs = passedMs;
  }

  /** Whoever asks for the playlist begins, whatever went before. */
  begin(viewing: Viewing): void {
    this.goesOn(viewing);
  }

  /** @returns whether a piece is of a viewing that is under way; one is from now on */
  goesOn({ actor, evidenceId }: Viewing): boolean {
    const key = `${actor} ${evidenceId}`;
    const nowMs = this.#passedMs();
    const before = this.#latest.get(key);
    this.#latest.delete(key);
    this.#latest.set(key, nowMs);
    const quietest = this.#latest.keys().next().value;
    if (this.#latest.size > REMEMBERED_MAX && quietest !== undefined) this.#latest.delete(quietest);
    return before !== undefined && nowMs - before <= OVER_AFTER_MS;
  }
}
