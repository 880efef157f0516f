import { setTimeout as sleep } from "node:timers/promises";

/** A file system may free what was deleted a little later. */
const LOOKS = 10;
const LOOK_MS = 1_000;
/** After deleting was in vain it is tried again this much later: something else fills the disk, or it does not tell the truth. */
const HELD_MS = 10 * 60_000;
/** A disk that needed room so lately will need more as soon as something is recorded. */
const FULL_MS = 30 * 60_000;

export interface SpaceWatchOptions {
  /** Of the disk, bytes. */
  readonly freeBytes: () => Promise<number>;
  /** Milliseconds that only go forward. */
  readonly nowMs?: () => number;
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** Whether deleting footage makes room. What a disk says of itself may be wrong, and footage is not deleted on its word alone. */
export class SpaceWatch {
  readonly #freeBytes: () => Promise<number>;
  readonly #nowMs: () => number;
  readonly #pause: (ms: number) => Promise<unknown>;
  #heldUntilMs = -Infinity;
  #madeRoom: { readonly agedMs: number; readonly atMs: number } | null = null;

  constructor({ freeBytes, nowMs = () => performance.now(), pause = sleep }: SpaceWatchOptions) {
    this.#freeBytes = freeBytes;
    this.#nowMs = nowMs;
    this.#pause = pause;
  }

  /** Whether deleting for room is held, as it was in vain the last time. */
  get isHeld(): boolean {
    return this.#nowMs() < this.#heldUntilMs;
  }

  /** Footage up to that age went although its age let it stay: the disk was full. */
  noteDeleted(agedMs: number): void {
    this.#madeRoom = { agedMs, atMs: this.#nowMs() };
  }

  /** For how long the disk has room for footage; null while its age alone makes it go. */
  get keptMs(): number | null {
    if (this.#madeRoom === null || this.#nowMs() > this.#madeRoom.atMs + FULL_MS) return null;
    return this.#madeRoom.agedMs;
  }

  /** Bytes to be made free; 0 while deleting is held. */
  async missingBytes(minFreeBytes: number): Promise<number> {
    if (this.isHeld) return 0;
    return Math.max(0, minFreeBytes - (await this.#freeBytes()));
  }

  /** Looks whether what was deleted has made room, and holds what would go next where it has not. */
  async check(freeBefore: number, deletedBytes: number): Promise<void> {
    for (let look = 0; look < LOOKS; look += 1) {
      if ((await this.#freeBytes()) - freeBefore >= deletedBytes / 2) return;
      await this.#pause(LOOK_MS);
    }
    this.#heldUntilMs = this.#nowMs() + HELD_MS;
  }
}
