/**
 * Loaded before a program: a time in which the process stood still counts as fifteen minutes on its wall clock, as
 * after sleep. Each thread sees it for itself, at its first look at the clock.
 */
const COUNTS_AS_MS = 15 * 60_000;
/** Less than the console's own limit, more than a busy machine takes away. */
const STOOD_STILL_MS = 7_000;
const LOOK_EVERY_MS = 250;

const RealDate = Date;
let aheadMs = 0;
let lookedAtMs = performance.now();

function nowMs(): number {
  const stoodMs = performance.now() - lookedAtMs;
  lookedAtMs += stoodMs;
  if (stoodMs > STOOD_STILL_MS) aheadMs += COUNTS_AS_MS - stoodMs;
  return RealDate.now() + aheadMs;
}

class LeapingDate extends RealDate {
  constructor(...words: [] | [value: number | string | Date]) {
    super(words[0] ?? nowMs());
  }

  static override now(): number {
    return Math.floor(nowMs());
  }
}

setInterval(nowMs, LOOK_EVERY_MS).unref();
globalThis.Date = LeapingDate as DateConstructor;
