import { formatRoughDuration } from "#shared/words/durations.ts";
import { ABORTED, type PortCall, type PortOutcome } from "../../export-pipeline/ports/port-call.ts";

export interface RetryClock {
  /** Milliseconds that only go forward. */
  readonly steadyNow: () => number;
  /** Resolves after the time, or at once when the signal aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * So many times in a row the same call must come to an unconfirmed failure before it is believed. A proxy that
 * spoils a fifth of all answers spoils eight in a row for one in 400,000 calls, and a day's export makes some
 * hundred; the seven pauses take a minute on average and two at most, during which the operator sees it waiting.
 */
export const BELIEVED_AFTER = 8;

const PAUSE_FIRST_MS = 1_000;
const PAUSE_LONGEST_MS = 60_000;

/** Whoever asks to be left alone for longer is asked again all the same: it may be well long before. */
const LONGEST_ASKED_MS = 15 * 60_000;

function askedTooMuch(retryAfterMs: number | undefined): string {
  if (retryAfterMs === undefined || retryAfterMs <= LONGEST_ASKED_MS) return "";
  const [asked, every] = [retryAfterMs, LONGEST_ASKED_MS].map(formatRoughDuration);
  return ` It asks to be left alone for ${asked}; it is asked again every ${every}.`;
}

/**
 * Repeats a call as long as its failure is transient or not yet confirmed and its caller wants it, reporting what it
 * waits for. This is right because ports promise idempotence.
 */
export async function untilSettled<T>(
  attempt: () => Promise<PortOutcome<T>>,
  call: PortCall,
  clock: RetryClock,
): Promise<PortOutcome<T>> {
  let waited = false;
  let unconfirmed = 0;
  for (let tries = 1; ; tries += 1) {
    const hurry = call.hurry?.();
    const outcome = call.signal.aborted ? ABORTED : await attempt();
    const isTransient = !outcome.ok && outcome.error.kind === "transient";
    const isUnconfirmed = !outcome.ok && !isTransient && outcome.error.unconfirmed === true;
    unconfirmed = isUnconfirmed ? unconfirmed + 1 : 0;
    if (outcome.ok || !(isTransient || (isUnconfirmed && unconfirmed < BELIEVED_AFTER))) {
      if (waited) call.reportWaiting(null);
      return outcome;
    }
    if (isHurried(hurry)) {
      // Wanted at once while this try was under way, as after sleep: what it failed with belongs to before.
      tries = 0;
      continue;
    }
    const { code, message, action, retryAfterMs } = outcome.error;
    const delayMs = Math.max(backoffMs(tries), Math.min(retryAfterMs ?? 0, LONGEST_ASKED_MS));
    const failure = { code, message: message + askedTooMuch(retryAfterMs), action };
    waited = true;
    call.reportWaiting({ failure, nextRetryAtMs: clock.steadyNow() + delayMs });
    await clock.pause(delayMs, hurry === undefined ? call.signal : AbortSignal.any([call.signal, hurry]));
    // A network that is only just coming back must not cost the longest pause once more.
    if (isHurried(hurry)) tries = 0;
  }
}

function isHurried(hurry: AbortSignal | undefined): boolean {
  return hurry?.aborted === true;
}

/**
 * Exponential backoff with full jitter, 1 s to 60 s: many consoles that lost the same service come back
 * spread out.
 * @param attempt how many tries have failed, from 1
 * @param random in [0, 1)
 */
export function backoffMs(attempt: number, random: number = Math.random()): number {
  const ceiling = Math.min(PAUSE_FIRST_MS * 2 ** (attempt - 1), PAUSE_LONGEST_MS);
  return Math.max(250, Math.round(random * ceiling));
}
