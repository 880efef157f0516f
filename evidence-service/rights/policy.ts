/** What a policy is for, and what it gives. */
import type { Level } from "../http/actions.ts";
import type { AccessPolicyTable } from "../storage/access-tables.ts";

/** What policies are for. */
export interface Scope {
  readonly kind: AccessPolicyTable["scopeKind"];
  readonly id: string;
}

/** How much, and when; null where it is open. */
export interface Grant {
  readonly level: Level;
  readonly fromUtcMs: number | null;
  readonly untilUtcMs: number | null;
  /** Evidence that ended before is not seen by this policy. */
  readonly recordedFromUtcMs: number | null;
}
