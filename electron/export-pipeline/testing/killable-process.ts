/** Where a process can be killed: before or after the n-th thing that it does outside itself. */
export interface Death {
  readonly atEffect: number;
  readonly moment: "before" | "after";
}

/** Of the journal. */
const READS: ReadonlySet<string> = new Set(["load", "dismissed", "accounts", "owedLocks", "restorationOf"]);

/**
 * One run of the console's process, which dies at a chosen effect: from then on its ports neither do nor
 * answer anything, and its journal takes nothing, just as after SIGKILL.
 */
export class KillableProcess {
  readonly #death: Death | null;
  effects = 0;
  dead = false;

  constructor(death: Death | null) {
    this.#death = death;
  }

  /** The port as this process sees it. */
  port<T extends object>(target: T): T {
    return this.#wrap(target, (call) => this.#asynchronously(call));
  }

  /** The journal as this process sees it; reading it is not an effect. */
  journal<T extends object>(target: T): T {
    const isRead = (name: string) => READS.has(name);
    return this.#wrap(target, (call, name) => (isRead(name) ? call() : this.#atOnce(call)));
  }

  #wrap<T extends object>(target: T, guard: (call: () => unknown, name: string) => unknown): T {
    return new Proxy(target, {
      get: (object, name) => {
        const member: unknown = Reflect.get(object, name);
        if (typeof member !== "function") return member;
        return (...inputs: unknown[]): unknown =>
          guard(() => Reflect.apply(member, object, inputs), String(name));
      },
    });
  }

  async #asynchronously(call: () => unknown): Promise<unknown> {
    const dying = this.#dying();
    if (dying === "before") this.dead = true;
    if (this.dead) return await never();
    const answer = await call();
    if (dying === "after") this.dead = true;
    return this.dead ? await never() : answer;
  }

  #atOnce(call: () => unknown): unknown {
    const dying = this.#dying();
    if (dying === "before") this.dead = true;
    if (this.dead) throw new ProcessDied();
    const answer = call();
    if (dying === "after") {
      this.dead = true;
      throw new ProcessDied();
    }
    return answer;
  }

  #dying(): Death["moment"] | null {
    this.effects += 1;
    return this.#death?.atEffect === this.effects ? this.#death.moment : null;
  }
}

export class ProcessDied extends Error {}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
