/** As Electron's `powerSaveBlocker`. */
export interface PowerSaveBlocker {
  start(type: "prevent-app-suspension"): number;
  stop(id: number): boolean;
}

/** Keeps the machine from falling asleep while exports run; the screen may go dark. */
export class StayAwake {
  readonly #blocker: PowerSaveBlocker;
  #blockedBy: number | null = null;

  constructor(blocker: PowerSaveBlocker) {
    this.#blocker = blocker;
  }

  /** To be told each time that either may have changed. */
  update(isWanted: boolean, hasExportsUnderWay: boolean): void {
    const shouldBlock = isWanted && hasExportsUnderWay;
    if (shouldBlock && this.#blockedBy === null) {
      this.#blockedBy = this.#blocker.start("prevent-app-suspension");
    }
    if (!shouldBlock && this.#blockedBy !== null) {
      this.#blocker.stop(this.#blockedBy);
      this.#blockedBy = null;
    }
  }
}
