import pLimit from "p-limit";
import { waitingInLine } from "./waiting-in-line.ts";

/** After an outage the parts of many cameras go at the same time, five of each; more than this fills no line better. */
export const MOST_BLOCKS = 32;
/** One whose answer never comes must not hold up all others. */
const FEWEST_BLOCKS = 2;
/** Before anything is known of the line. */
const FIRST_BLOCKS = 8;
/** All blocks under way should have gone through within half of the time after which a silent one is given up. */
const WITHIN_MS = 30_000;
/** A smaller block takes as long as a question and its answer, whatever the line carries. */
const TELLING_BYTES = 1024 * 1024;
/** Of what the last block tells, the rest is of those before. */
const NEWEST_SHARE = 0.3;

export interface LineWidthOptions {
  /** Milliseconds that only go forward. */
  readonly now?: () => number;
  readonly withinMs?: number;
}

/**
 * How many blocks go over a line at the same time, and how long they are: as much as it carries in good time, so that each
 * of them moves. A proxy may take blocks whole and pass them on slowly; nobody can look into its buffers, and one block of
 * many, or one that is long, would be silent there for as long as all of them take.
 */
export class LineWidth {
  readonly #sizes: readonly number[];
  readonly #now: () => number;
  readonly #withinMs: number;
  readonly #limit = pLimit(FIRST_BLOCKS);
  #blockBytes: number;
  #bytesPerMs: number | null = null;
  #arrivedAtMs = -Infinity;

  /** @param sizes of blocks in bytes, the longest first */
  constructor(sizes: readonly number[], { now, withinMs = WITHIN_MS }: LineWidthOptions = {}) {
    this.#sizes = sizes;
    this.#blockBytes = this.#longestWithin(Infinity);
    this.#now = now ?? (() => performance.now());
    this.#withinMs = withinMs;
  }

  /** Blocks that may be under way now. */
  get blocks(): number {
    return this.#limit.concurrency;
  }

  /** How long they should be now. */
  get blockBytes(): number {
    return this.#blockBytes;
  }

  /** Sends a block once it has its place on the line. @throws the signal's reason when it aborts before */
  async carry(lengthBytes: number, signal: AbortSignal, send: () => Promise<void>): Promise<void> {
    await waitingInLine(
      (work) => this.#limit(work),
      signal,
      async () => {
        const [beganAtMs, besides] = [this.#now(), this.#limit.activeCount];
        await send();
        this.#arrivedAtMs = this.#now();
        const underWay = (besides + this.#limit.activeCount) / 2;
        this.#learn(lengthBytes, (lengthBytes * underWay) / Math.max(1, this.#arrivedAtMs - beganAtMs));
      },
    );
  }

  /**
   * Nothing moved on a connection: perhaps too many shared the line. Where no block at all has arrived meanwhile, what the
   * line carries is not known any more, and the shortest find it out soonest.
   */
  stalled(): void {
    const isAnythingComing = this.#now() - this.#arrivedAtMs < 2 * this.#withinMs;
    this.#bytesPerMs = isAnythingComing ? this.#carriedBy(Math.floor(this.blocks / 2)) : 0;
    this.#fit();
  }

  #learn(lengthBytes: number, bytesPerMs: number): void {
    const before = this.#bytesPerMs ?? bytesPerMs;
    const isLeast = lengthBytes < TELLING_BYTES;
    if (isLeast && bytesPerMs <= (this.#bytesPerMs ?? this.#carriedBy(this.blocks))) return;
    this.#bytesPerMs = isLeast ? bytesPerMs : before + NEWEST_SHARE * (bytesPerMs - before);
    this.#fit();
  }

  #carriedBy(blocks: number): number {
    return (blocks * this.#blockBytes) / this.#withinMs;
  }

  #fit(): void {
    const carriedBytes = (this.#bytesPerMs ?? 0) * this.#withinMs;
    this.#blockBytes = this.#longestWithin(carriedBytes / FEWEST_BLOCKS);
    const fitting = Math.floor(carriedBytes / this.#blockBytes);
    this.#limit.concurrency = Math.min(Math.max(fitting, FEWEST_BLOCKS), MOST_BLOCKS);
  }

  #longestWithin(mostBytes: number): number {
    const fitting = this.#sizes.find((bytes) => bytes <= mostBytes) ?? this.#sizes.at(-1);
    if (fitting === undefined) throw new RangeError("Blocks have no size.");
    return fitting;
  }
}
