import type { PlannedExport } from "./planned-export.ts";

/** Plans kept, so that a file's many byte ranges are not planned again each. */
const MOST_PLANS = 4;

/** Tables of a day are about 10 MB; the newest plan is kept however large it is. */
const MOST_HEADER_BYTES = 24 * 1024 * 1024;

/** The plans used last, also while they are being made; failed ones are forgotten at once. */
export class KeptPlans {
  readonly #plans = new Map<string, Promise<PlannedExport>>();
  readonly #headerBytes = new Map<string, number>();
  readonly #made = new Map<string, PlannedExport>();

  /** The plan kept under the key, or the one that `make` promises. */
  get(key: string, make: () => Promise<PlannedExport>): Promise<PlannedExport> {
    const plan = this.#plans.get(key) ?? this.#begin(key, make());
    // Used last: to the end of the map.
    this.#plans.delete(key);
    this.#plans.set(key, plan);
    this.#forgetOldest();
    return plan;
  }

  /** Its files are not what they were when it was made. */
  drop(plan: PlannedExport): void {
    for (const [key, made] of this.#made) if (made === plan) this.#forget(key);
  }

  #begin(key: string, plan: Promise<PlannedExport>): Promise<PlannedExport> {
    plan.then(
      (made) => {
        if (this.#plans.has(key)) {
          this.#headerBytes.set(key, made.file.header.length);
          this.#made.set(key, made);
        }
        this.#forgetOldest();
      },
      () => this.#forget(key),
    );
    return plan;
  }

  #forgetOldest(): void {
    for (const key of this.#plans.keys()) {
      const bytes = [...this.#headerBytes.values()].reduce((sum, length) => sum + length, 0);
      const isEnough = this.#plans.size <= MOST_PLANS && bytes <= MOST_HEADER_BYTES;
      if (isEnough || this.#plans.size === 1) return;
      this.#forget(key);
    }
  }

  #forget(key: string): void {
    this.#plans.delete(key);
    this.#headerBytes.delete(key);
    this.#made.delete(key);
  }
}
