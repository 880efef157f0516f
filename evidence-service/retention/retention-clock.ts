/**
 * What time it is for whoever lets evidence go. The machine's clock is believed as long as it is no further ahead than can
 * have passed since it was believed before: what was recorded yesterday is not old because somebody set a clock.
 */
import { z } from "zod";
import { keepSetting } from "../storage/keep-setting.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import { readJson } from "../storage/read-json.ts";

/** Clocks of machines are put right by minutes, and are never as wrong as one part in a hundred. */
const STEP_MS = 10 * 60_000;
const RATE = 0.01;
/** The service may be off over a long weekend without anybody being asked. */
const OFF_MS = 72 * 3_600_000;
const NAME = "retentionClock";

const keptSchema = z.object({ believedUtcMs: z.number() });

interface Anchor {
  /** An instant that was believed, and what the machine said then of how long it runs. */
  readonly utcMs: number;
  readonly uptimeMs: number;
  /** So much more may have passed: nobody saw how long the service was off. */
  readonly offMs: number;
}

export interface ClockParts {
  readonly db: Metadata;
  readonly now: () => number;
  /** Milliseconds that nobody can set, from any beginning; they pass while the machine sleeps. */
  readonly uptimeMs: () => number;
}

/** The latest instant that was believed, whoever believed it; null where nothing was ever kept. */
export async function believedUtcMs(db: Metadata | MetadataTransaction): Promise<number | null> {
  const row = await db.selectFrom("setting").select("value").where("name", "=", NAME).executeTakeFirst();
  return row === undefined ? null : (readJson(keptSchema, row.value)?.believedUtcMs ?? null);
}

export class RetentionClock {
  readonly #parts: ClockParts;
  #anchor: Anchor | null = null;
  #aheadMs = 0;

  constructor(parts: ClockParts) {
    this.#parts = parts;
  }

  /** How far the clock is ahead of what is believed, as of the latest look, milliseconds; 0 while it is believed. */
  get aheadMs(): number {
    return this.#aheadMs;
  }

  /**
   * @param keeps whether the service looks that lets evidence go: what it believes is where the next one begins
   * @returns milliseconds UTC; null while the clock is further ahead than time can have passed
   */
  async look({ keeps }: { readonly keeps: boolean }): Promise<number | null> {
    const { db, now, uptimeMs } = this.#parts;
    const kept = await believedUtcMs(db);
    const at = { utcMs: now(), uptimeMs: uptimeMs() };
    let anchor = this.#anchor ?? firstAnchor(kept, at);
    // Somebody who knows the time said so at another service.
    if (kept !== null && kept > latest(anchor, at.uptimeMs)) anchor = { ...at, utcMs: kept, offMs: 0 };
    const isBelieved = at.utcMs <= latest(anchor, at.uptimeMs);
    this.#aheadMs = isBelieved ? 0 : at.utcMs - expected(anchor, at.uptimeMs);
    const isSettled = anchor.offMs > 0 && isBelieved && at.utcMs >= expected(anchor, at.uptimeMs) - STEP_MS;
    this.#anchor = isSettled ? { ...at, offMs: 0 } : anchor;
    if (!isBelieved) return null;
    if (keeps) await keepBelieved(db, at.utcMs);
    return at.utcMs;
  }

  /** Somebody knows that the clock is right. */
  async confirm(transaction: MetadataTransaction): Promise<void> {
    const { now, uptimeMs } = this.#parts;
    await keepBelieved(transaction, now());
    this.#anchor = { utcMs: now(), uptimeMs: uptimeMs(), offMs: 0 };
    this.#aheadMs = 0;
  }
}

const keepBelieved = (db: Metadata | MetadataTransaction, utcMs: number): Promise<void> =>
  keepSetting(db, NAME, JSON.stringify({ believedUtcMs: utcMs }));

function firstAnchor(kept: number | null, at: { readonly utcMs: number; readonly uptimeMs: number }): Anchor {
  if (kept === null || (at.utcMs >= kept && at.utcMs <= kept + OFF_MS)) return { ...at, offMs: 0 };
  return { utcMs: kept, uptimeMs: at.uptimeMs, offMs: OFF_MS };
}

const expected = ({ utcMs, uptimeMs }: Anchor, nowUptimeMs: number): number =>
  utcMs + Math.max(nowUptimeMs - uptimeMs, 0);

/** What has passed since, and what a clock may be put right or run wrong by. */
const latest = (anchor: Anchor, nowUptimeMs: number): number =>
  expected(anchor, nowUptimeMs) + STEP_MS + (nowUptimeMs - anchor.uptimeMs) * RATE + anchor.offMs;
