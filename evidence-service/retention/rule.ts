/** When evidence goes: the whole of the rule, without a database. */

export const DAY_MS = 86_400_000;

/** What counts of a case that an evidence is in. */
export interface KeepingCase {
  /** Null while it is open. */
  readonly closedUtcMs: number | null;
  /** Null for ever. */
  readonly retentionDays: number | null;
  readonly isProtected: boolean;
}

export interface KeptEvidence {
  readonly recordedUntilUtcMs: number;
  readonly isProtected: boolean;
  /** The longest of them wins. */
  readonly cases: readonly KeepingCase[];
}

/**
 * @param looseDays how long evidence is kept that is in no case, from the end of its recording; null for ever
 * @returns milliseconds UTC; null while nothing lets it go
 */
export function goesAtUtcMs(
  { recordedUntilUtcMs, isProtected, cases }: KeptEvidence,
  looseDays: number | null,
): number | null {
  if (isProtected || cases.some((one) => one.isProtected)) return null;
  const [first, ...others] =
    cases.length === 0
      ? [endOf(recordedUntilUtcMs, looseDays)]
      : cases.map(({ closedUtcMs, retentionDays }) => endOf(closedUtcMs, retentionDays));
  return others.reduce<number | null>(later, first ?? null);
}

const endOf = (fromUtcMs: number | null, days: number | null): number | null =>
  fromUtcMs === null || days === null ? null : fromUtcMs + days * DAY_MS;

/** Null is later than everything. */
const later = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : Math.max(a, b);
