import type { Operator, Privilege } from "#shared/domain/operator.ts";

/**
 * What the desktop has handed over last, until an operator who may have it takes it. Whoever is logged on, or logs on
 * first, decides: where that is somebody who may not, it is gone, and nobody is shown hours later what somebody else
 * had asked for.
 */
export class WaitingForOperator<T> {
  readonly #privilege: Privilege;
  readonly #operator: () => Operator | null;
  readonly #tell: (value: T, isForOthers: boolean) => void;
  #waiting: { readonly value: T } | null = null;

  /** @param tell called for whoever is logged on, also for who may not have it, which is `isForOthers` */
  constructor(
    privilege: Privilege,
    operator: () => Operator | null,
    tell: (value: T, isForOthers: boolean) => void,
  ) {
    [this.#privilege, this.#operator, this.#tell] = [privilege, operator, tell];
  }

  get waiting(): T | null {
    return this.#waiting?.value ?? null;
  }

  put(value: T): void {
    this.#waiting = { value };
    this.operatorChanged();
  }

  /** Somebody has logged on or off. */
  operatorChanged(): void {
    const operator = this.#operator();
    if (this.#waiting === null || operator === null) return;
    const { value } = this.#waiting;
    const isForOthers = !operator.privileges.includes(this.#privilege);
    if (isForOthers) this.#waiting = null;
    this.#tell(value, isForOthers);
  }

  take(): T | null {
    const { waiting } = this;
    this.#waiting = null;
    return waiting;
  }
}
