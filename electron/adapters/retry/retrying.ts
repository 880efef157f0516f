import { ABORTED, type PortCall, type PortOutcome } from "../../export-pipeline/ports/port-call.ts";
import { backoffMs } from "./backoff.ts";

export interface RetryClock {
  readonly now: () => number;
  /** Resolves after the time, or at once when the signal aborts. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Repeats a call as long as its failure is transient and its caller wants it, telling what it waits for.
 * The port's promise of idempotence is what makes this right.
 */
export async function untilSettled<T>(
  attempt: () => Promise<PortOutcome<T>>,
  call: PortCall,
  clock: RetryClock,
): Promise<PortOutcome<T>> {
  let waited = false;
  for (let tries = 1; ; tries += 1) {
    const outcome = call.signal.aborted ? ABORTED : await attempt();
    if (outcome.ok || outcome.error.kind !== "transient") {
      if (waited) call.reportWaiting(null);
      return outcome;
    }
    const { code, message, action, retryAfterMs } = outcome.error;
    const delayMs = Math.max(backoffMs(tries), retryAfterMs ?? 0);
    waited = true;
    call.reportWaiting({ failure: { code, message, action }, nextRetryUtcMs: clock.now() + delayMs });
    const hurry = call.hurry?.();
    await clock.pause(delayMs, hurry === undefined ? call.signal : AbortSignal.any([call.signal, hurry]));
  }
}
