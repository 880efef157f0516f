import type { Failure } from "./failure.ts";

/** So many times in a row a service may forget an evidence of which it never had more than before. */
const MOST_IN_VAIN = 3;

/** That a camera export had to be sent anew, because the service no longer knew its evidence: how often and why. */
export interface StartedOver {
  readonly times: number;
  readonly lastUtcMs: number;
  /** What the service said the last time. */
  readonly reason: Pick<Failure, "code" | "message">;
  /** Bytes that the service had of one evidence at most, before it forgot it. */
  readonly mostConfirmedBytes: number;
  /** How often in a row it had no more than ever before. */
  readonly inVain: number;
}

/** An evidence that the service has forgotten. */
export interface ForgottenEvidence {
  /** Bytes that the service had of it. */
  readonly confirmedBytes: number;
  readonly reason: StartedOver["reason"];
}

export function afterStartingOver(
  before: StartedOver | undefined,
  { confirmedBytes, reason }: ForgottenEvidence,
  nowUtcMs: number,
): StartedOver {
  const mostBefore = before?.mostConfirmedBytes ?? 0;
  const isProgress = confirmedBytes > mostBefore;
  return {
    times: (before?.times ?? 0) + 1,
    lastUtcMs: nowUtcMs,
    reason: { code: reason.code, message: reason.message },
    mostConfirmedBytes: Math.max(mostBefore, confirmedBytes),
    inVain: isProgress ? 0 : (before?.inVain ?? 0) + 1,
  };
}

/** It would go on like this for ever. */
export function isInVain({ inVain }: StartedOver): boolean {
  return inVain >= MOST_IN_VAIN;
}

/** The operator wants it tried again. */
export function afterAskingAgain(before: StartedOver | undefined): StartedOver | undefined {
  return before && { ...before, inVain: 0 };
}
