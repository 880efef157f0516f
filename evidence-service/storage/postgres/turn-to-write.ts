/** Whose turn it is to write within this process: one waits at the database, the others here, without a connection. */
export class TurnToWrite {
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;

  /** @returns what gives the turn to the next one; once is enough */
  async take(): Promise<() => void> {
    if (this.#isTaken) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#isTaken = true;
    let isBack = false;
    return () => {
      if (isBack) return;
      isBack = true;
      const next = this.#waiting.shift();
      if (next === undefined) this.#isTaken = false;
      else next();
    };
  }
}
