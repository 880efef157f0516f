/** Unlocking of footage that nobody waits for, and that ends where the footage is wanted again. */
export class FootageUnlocks {
  readonly #underWay = new Map<string, { readonly abort: AbortController; readonly done: Promise<void> }>();

  /** One for each lock at a time; where one is under way already it goes on. */
  begin(lockId: string, unlock: (signal: AbortSignal) => Promise<void>): void {
    if (this.#underWay.has(lockId)) return;
    const abort = new AbortController();
    const done = unlock(abort.signal).finally(() => this.#underWay.delete(lockId));
    this.#underWay.set(lockId, { abort, done });
  }

  /** Locks whose unlocking is under way. */
  lockIds(): string[] {
    return [...this.#underWay.keys()];
  }

  /** Resolves when none of these is being unlocked. */
  async stop(lockIds: readonly string[]): Promise<void> {
    const stopping = lockIds.flatMap((lockId) => this.#underWay.get(lockId) ?? []);
    for (const { abort } of stopping) abort.abort();
    await Promise.all(stopping.map(({ done }) => done));
  }
}
