import { failed, type Outcome } from "#shared/domain/failure.ts";
import type { StartAtLogOn } from "#shared/ipc-contract/startup-contract.ts";

/**
 * Whether this console is started on its site when its user logs on to the computer. What is told is what the system
 * would do now, not what was wished last: others change it too.
 */
export interface LogOnStart {
  state(): Promise<StartAtLogOn>;
  /** May be called twice; what it answers is read anew. */
  change(startsAtLogOn: boolean): Promise<Outcome<void>>;
}

/** Where the system cannot be asked to, and why. */
export function noLogOnStart(reason: string): LogOnStart {
  return {
    state: () => Promise.resolve({ kind: "impossible", reason }),
    change: () => Promise.resolve(failed("START_AT_LOG_ON_IMPOSSIBLE", reason)),
  };
}
