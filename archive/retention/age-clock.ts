import { readFileSync } from "node:fs";
import { saysMissing } from "#runtime/files/missing-file.ts";
import { z } from "zod";
import { writeWholeNow } from "#runtime/files/whole-file.ts";
import { ageClockFile } from "../ground/archive-folder.ts";
import { parseJson } from "../index/json-file.ts";
import type { BootMoment, SessionAges } from "../index/session-ages.ts";
import { type Boot, bootSchema, withLook } from "./boot-epochs.ts";
import type { ClockLook } from "./clock-look.ts";

/** Clocks of machines are put right by minutes, not by more; and they are never as wrong as one part in a hundred. */
const STEP_MS = 10 * 60_000;
const RATE = 0.01;
/** A machine may be off over a long weekend without anybody being asked. */
const OFF_MS = 72 * 3_600_000;

/**
 * Where ages begin: an instant that was believed, and how long the machine had run then. From both follows the latest
 * instant that it can be now.
 */
const anchorSchema = z.object({
  bootId: z.string(),
  uptimeMs: z.number().nonnegative(),
  utcMs: z.number().int(),
  /** Until it is known how long the machine was off: so much more may have passed. */
  offMs: z.number().nonnegative(),
  /** The clock at the last look, as far as it was believed. */
  believedUtcMs: z.number().int(),
  /** The runs of the machine in which footage was recorded; earlier files do not have them. */
  boots: z.array(bootSchema).default([]),
});
type StoredAnchor = z.infer<typeof anchorSchema>;
type Anchor = Omit<StoredAnchor, "boots">;

/** What time it is for whoever deletes by age. */
export interface AgeClock extends Required<SessionAges> {
  /**
   * Looks at the machine's clock.
   * @returns that instant, or where the clock is further ahead than time can have passed, the latest that is believed
   */
  look(): number;
  /** How far the clock was ahead of what is believed at the last look, milliseconds; 0 while it is believed. */
  readonly aheadMs: number;
  /** Somebody knows that the clock is right. */
  confirm(): void;
}

export interface AgeClockOptions {
  readonly clock: () => ClockLook;
  /** Of all footage; null while there is none. It counts where no place was kept yet. */
  readonly newestArrivalUtcMs: () => number | null;
  /** Told before it is kept that a run of the machine began at another time than was believed. */
  readonly onBoot?: (boot: Boot) => void;
}

/**
 * A clock that a wrong one cannot hurry: what was recorded yesterday is not old because a battery was empty. It counts
 * from what the machine itself has seen pass, also while it slept, and keeps its place over restarts.
 */
export function ageClock(dir: string, { clock, newestArrivalUtcMs, onBoot }: AgeClockOptions): AgeClock {
  const stored = readAnchor(dir);
  let anchor: Anchor | null = stored;
  let boots: readonly Boot[] = stored?.boots ?? [];
  let aheadMs = 0;
  const keep = (next: Anchor, seen: Boot): void => {
    const before = boots;
    boots = withLook(before, seen);
    for (const boot of boots)
      if (before.find(({ bootId }) => bootId === boot.bootId)?.beganUtcMs !== boot.beganUtcMs) onBoot?.(boot);
    anchor = next;
    writeAnchor(dir, { ...next, boots: [...boots] });
  };
  return {
    look() {
      const now = clock();
      const from = anchorFor(now, anchor, newestArrivalUtcMs);
      const believedUtcMs = Math.min(now.utcMs, latestBelievable(now, from));
      aheadMs = now.utcMs - believedUtcMs;
      const isSettled = aheadMs === 0 && !isBehind(now, from);
      const beganUtcMs = isSettled ? now.utcMs - now.uptimeMs : from.utcMs - from.uptimeMs;
      const seen = { bootId: now.bootId, uptimeMs: now.uptimeMs, beganUtcMs, isSettled };
      keep(aheadMs === 0 ? settled(now, from) : { ...from, believedUtcMs }, seen);
      return believedUtcMs;
    },
    get aheadMs() {
      return aheadMs;
    },
    confirm() {
      const { bootId, uptimeMs, utcMs } = clock();
      const seen = { bootId, uptimeMs, beganUtcMs: utcMs - uptimeMs, isSettled: true };
      keep({ bootId, uptimeMs, utcMs, offMs: 0, believedUtcMs: utcMs }, seen);
      aheadMs = 0;
    },
    moment() {
      const { bootId, uptimeMs } = clock();
      return { bootId, uptimeMs };
    },
    utcMsOf: (moment) => utcMsIn(boots, moment),
  };
}

/** What is known of ages where no archive runs. */
export function keptAges(dir: string): SessionAges {
  const boots = readAnchor(dir)?.boots ?? [];
  return { utcMsOf: (moment) => utcMsIn(boots, moment) };
}

function utcMsIn(boots: readonly Boot[], { bootId, uptimeMs }: BootMoment): number | null {
  const boot = boots.find((each) => each.bootId === bootId);
  return boot === undefined ? null : boot.beganUtcMs + uptimeMs;
}

/**
 * Of this run of the machine. How long it was off before is not known, and only so much of it is believed unasked. A
 * clock that is behind what was seen already has yet to be set, as on a machine whose clock has no battery.
 */
function anchorFor(
  { bootId, uptimeMs, utcMs }: ClockLook,
  anchor: Anchor | null,
  newestArrivalUtcMs: () => number | null,
): Anchor {
  if (anchor !== null && anchor.bootId === bootId && anchor.uptimeMs <= uptimeMs) return anchor;
  const lastUtcMs = anchor?.believedUtcMs ?? newestArrivalUtcMs();
  const isBelieved = lastUtcMs === null || (utcMs >= lastUtcMs && utcMs <= lastUtcMs + OFF_MS);
  const fromUtcMs = isBelieved ? utcMs : lastUtcMs;
  const offMs = utcMs < fromUtcMs ? OFF_MS : 0;
  return { bootId, uptimeMs, utcMs: fromUtcMs, offMs, believedUtcMs: fromUtcMs };
}

/** Once a clock that had yet to be set is believed again, it is known how long the machine was off. */
function settled(now: ClockLook, anchor: Anchor): Anchor {
  const { bootId, uptimeMs, utcMs } = now;
  if (anchor.offMs === 0 || isBehind(now, anchor)) return { ...anchor, believedUtcMs: utcMs };
  return { bootId, uptimeMs, utcMs, offMs: 0, believedUtcMs: utcMs };
}

/** By more than clocks are put right: it has yet to be set, or was set back. */
function isBehind({ uptimeMs, utcMs }: ClockLook, anchor: Anchor): boolean {
  return utcMs < anchor.utcMs + (uptimeMs - anchor.uptimeMs) - STEP_MS;
}

/** What has passed since, and what a clock may be put right or run wrong by. */
function latestBelievable(now: ClockLook, anchor: Anchor): number {
  const passedMs = now.uptimeMs - anchor.uptimeMs;
  const expectedUtcMs = anchor.utcMs + passedMs;
  const slackMs = STEP_MS + passedMs * RATE + anchor.offMs;
  // Ahead by more, the clock is wrong altogether, and the slack is not given to it either.
  return Math.floor(now.utcMs <= expectedUtcMs + slackMs ? expectedUtcMs + slackMs : expectedUtcMs);
}

/** Null where nothing was kept, or a power cut tore it. */
function readAnchor(dir: string): StoredAnchor | null {
  try {
    return anchorSchema.safeParse(parseJson(readFileSync(ageClockFile(dir), "utf8"))).data ?? null;
  } catch (error) {
    if (saysMissing(error)) return null;
    throw error;
  }
}

function writeAnchor(dir: string, anchor: StoredAnchor): void {
  writeWholeNow(ageClockFile(dir), JSON.stringify(anchor));
}
