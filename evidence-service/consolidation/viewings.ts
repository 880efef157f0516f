/** Somebody who plays an evidence. */
export interface Viewing {
  readonly actor: string;
  readonly evidenceId: string;
}

/** A player that is paused asks for nothing; whoever comes back after so long watches anew. */
const OVER_AFTER_MS = 15 * 60_000;
/** Of those that are remembered; the one that was quiet longest is forgotten first, and is an entry more. */
const REMEMBERED_MAX = 10_000;

/** What several services know together of who watches what. */
export interface SharedViewings {
  /** @returns whether it was under way, wherever its pieces came from; it is from now on */
  goesOn(viewing: Viewing, overAfterMs: number): Promise<boolean>;
}

/** So often the others are told of a viewing that goes on here. */
const TOLD_EVERY_MS = OVER_AFTER_MS / 3;

interface Known {
  readonly atMs: number;
  /** When the others were told of it the last time. */
  readonly toldMs: number;
}

/** Who is watching what, so that the hundreds of pieces of a viewing are one entry of the audit trail. */
export class Viewings {
  readonly #passedMs: () => number;
  readonly #shared: SharedViewings | null;
  readonly #latest = new Map<string, Known>();

  /**
   * @param passedMs milliseconds that nobody can set
   * @param shared where pieces of one viewing come from several services; null for one alone
   */
  constructor(passedMs: () => number, shared: SharedViewings | null = null) {
    this.#passedMs = passedMs;
    this.#shared = shared;
  }

  /** Whoever asks for the playlist begins, whatever went before. */
  async begin(viewing: Viewing): Promise<void> {
    this.#remember(viewing, this.#passedMs());
    await this.#shared?.goesOn(viewing, OVER_AFTER_MS);
  }

  /** @returns whether a piece is of a viewing that is under way; one is from now on */
  async goesOn(viewing: Viewing): Promise<boolean> {
    const nowMs = this.#passedMs();
    const before = this.#latest.get(keyOf(viewing));
    const isKnown = before !== undefined && nowMs - before.atMs <= OVER_AFTER_MS;
    const isTold = isKnown && nowMs - before.toldMs <= TOLD_EVERY_MS;
    this.#remember(viewing, isTold ? before.toldMs : nowMs);
    if (this.#shared === null || isTold) return isKnown;
    return (await this.#shared.goesOn(viewing, OVER_AFTER_MS)) || isKnown;
  }

  #remember(viewing: Viewing, toldMs: number): void {
    const key = keyOf(viewing);
    this.#latest.delete(key);
    this.#latest.set(key, { atMs: this.#passedMs(), toldMs });
    const quietest = this.#latest.keys().next().value;
    if (this.#latest.size > REMEMBERED_MAX && quietest !== undefined) this.#latest.delete(quietest);
  }
}

const keyOf = ({ actor, evidenceId }: Viewing): string => `${actor} ${evidenceId}`;
