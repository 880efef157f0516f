/** Tables of how long evidence is kept. */

/** An evidence in the recycle bin: its own row stays, `Deleted`, and shows in no list. */
export interface BinnedTable {
  evidenceId: string;
  /** What it was before, and is again when it is taken back. */
  stateBefore: "Available" | "Failed";
  /** Since when it lies there. */
  binnedUtcMs: number;
  /** Why it went there, in words. */
  because: string;
  /** Who asked that it is removed for good, where a second person has to say so too. */
  askedBy: string | null;
  askedUtcMs: number | null;
}

/** What nobody removes, whatever its retention says. */
export interface ProtectionTable {
  scopeKind: "case" | "evidence";
  scopeId: string;
  reason: string;
  heldBy: string;
  heldUtcMs: number;
  /** Who asked that it is lifted, where a second person has to say so too. */
  askedBy: string | null;
  askedUtcMs: number | null;
}
