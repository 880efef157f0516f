import { LineMeter } from "./line-meter.ts";
import type { LineRates } from "./line-rates.ts";

/** One meter for each account's line: what is sent over it at the same time counts together. */
export class LineMeters {
  readonly #rates: LineRates;
  readonly #capNow: () => number | null;
  readonly #meters = new Map<string, LineMeter>();

  /** @param capNow bytes per second that uploads are held to, null for none */
  constructor(rates: LineRates, capNow: () => number | null) {
    this.#rates = rates;
    this.#capNow = capNow;
  }

  of(accountId: string): LineMeter {
    const meter =
      this.#meters.get(accountId) ??
      new LineMeter((sample) =>
        this.#rates.add(accountId, {
          bytesPerSecond: sample,
          capBytesPerSecond: this.#capNow(),
          takenUtcMs: Date.now(),
        }),
      );
    this.#meters.set(accountId, meter);
    return meter;
  }
}
