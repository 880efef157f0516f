import { formatBytes } from "#shared/words/amounts.ts";

const SAID_EVERY_MS = 5_000;

interface Amount {
  readonly lists: number;
  readonly lengthBytes: number;
}

/** How far a move has come, a line every few seconds. */
export class MoveProgress {
  readonly say: (line: string) => void;
  #expected: Amount = { lists: 0, lengthBytes: 0 };
  #done = { lists: 0, lengthBytes: 0 };
  #saidAtMs = performance.now();

  constructor(say: (line: string) => void) {
    this.say = say;
  }

  expect(amount: Amount): void {
    this.#expected = amount;
    this.#done = { lists: 0, lengthBytes: 0 };
  }

  add({ lists, lengthBytes }: Amount): void {
    this.#done.lists += lists;
    this.#done.lengthBytes += lengthBytes;
    if (performance.now() - this.#saidAtMs < SAID_EVERY_MS) return;
    this.#saidAtMs = performance.now();
    this.say(this.line);
  }

  get line(): string {
    const done = this.#done;
    // More comes while the old service runs.
    const lists = Math.max(done.lists, this.#expected.lists);
    const lengthBytes = Math.max(done.lengthBytes, this.#expected.lengthBytes);
    return `${done.lists} of ${lists} files, ${formatBytes(done.lengthBytes)} of ${formatBytes(lengthBytes)}`;
  }
}
