import { z } from "zod";
import type { SettingsStore } from "../site/settings-store.ts";

const lineRatesSchema = z.record(
  z.string(),
  z.object({
    bytesPerSecond: z.number().positive(),
    measuredUtcMs: z.number().int(),
    isHeld: z.boolean().default(false),
  }),
);

export interface LineRate {
  readonly bytesPerSecond: number;
  readonly measuredUtcMs: number;
  /** Only ever measured while the bandwidth cap held it: the line may be much faster. */
  readonly isHeld: boolean;
}

/** A new sample counts so much: one slow hour does not make a slow line. */
const WEIGHT_OF_NEW = 0.3;
/** From this part of the cap on a sample tells the cap and not the line. */
const HELD_BY_CAP = 0.9;
const MOST_ACCOUNTS = 50;

export interface RateSample {
  readonly bytesPerSecond: number;
  /** That held while the sample was taken; null for none. */
  readonly capBytesPerSecond: number | null;
  readonly takenUtcMs: number;
}

/** How fast the line to each account's service is, as uploads measured it; outlives the program. */
export class LineRates {
  readonly #settings: SettingsStore;

  constructor(settings: SettingsStore) {
    this.#settings = settings;
  }

  of(accountId: string): LineRate | null {
    return this.#all()[accountId] ?? null;
  }

  add(accountId: string, { bytesPerSecond: sample, capBytesPerSecond, takenUtcMs }: RateSample): void {
    const before = this.of(accountId);
    const isOfCap = capBytesPerSecond !== null && sample >= HELD_BY_CAP * capBytesPerSecond;
    const rate = isOfCap ? atLeast(before, sample) : { bytesPerSecond: mixed(before, sample), isHeld: false };
    const kept = Object.entries(this.#all())
      .filter(([other]) => other !== accountId)
      .toSorted(([, one], [, other]) => other.measuredUtcMs - one.measuredUtcMs)
      .slice(0, MOST_ACCOUNTS - 1);
    const rates = { ...Object.fromEntries(kept), [accountId]: { ...rate, measuredUtcMs: takenUtcMs } };
    this.#settings.remember("line-rates", rates);
  }

  #all(): Record<string, LineRate> {
    return this.#settings.read("line-rates", lineRatesSchema, {});
  }
}

type Rate = Omit<LineRate, "measuredUtcMs">;

function atLeast(before: LineRate | null, sample: number): Rate {
  const bytesPerSecond = Math.max(before?.bytesPerSecond ?? 0, sample);
  return { bytesPerSecond, isHeld: before === null || before.isHeld };
}

/** The first sample that no cap held tells more than all before it. */
function mixed(before: Rate | null, sample: number): number {
  if (before === null || before.isHeld) return sample;
  return before.bytesPerSecond + WEIGHT_OF_NEW * (sample - before.bytesPerSecond);
}
