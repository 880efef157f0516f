/** A camera that has sent nothing for this long is lost, unless it has been as slow before. */
const SILENCE_MS = 15_000;

/** A frame may be late by this many times the longest wait of late. */
const PATIENCE = 2.5;

/** How fast a longer wait is forgotten, by frame. */
const FORGETTING = 0.9;

/** Listens for frames: life is judged by what arrives, and by how often it usually does. Monotonic time. */
export class FrameSilence {
  #heardMs: number | null = null;
  #usualMs = 0;
  #timer: NodeJS.Timeout;
  #isOver = false;
  readonly #stallMs: number;
  readonly #onStall: () => void;

  /** @param onStall called when nothing has come for `stallMs`, or for longer than this camera ever takes */
  constructor(stallMs: number, onStall: () => void) {
    this.#stallMs = stallMs;
    this.#onStall = () => {
      this.#isOver = true;
      onStall();
    };
    this.#timer = setTimeout(this.#onStall, stallMs);
  }

  get isSilent(): boolean {
    return this.#isOver || this.#heardMs === null || performance.now() - this.#heardMs > this.#allowedMs;
  }

  /** A frame has come. What a recorder that was given up still gives out is no life. */
  heard(): void {
    if (this.#isOver) return;
    const nowMs = performance.now();
    if (this.#heardMs !== null) this.#usualMs = Math.max(nowMs - this.#heardMs, this.#usualMs * FORGETTING);
    this.#heardMs = nowMs;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      this.#onStall,
      Math.min(this.#allowedMs, Math.max(this.#stallMs, this.#usualMs * PATIENCE)),
    );
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  get #allowedMs(): number {
    return Math.max(SILENCE_MS, this.#usualMs * PATIENCE);
  }
}
