const FIRST_UTC_MS = Date.parse("0000-01-01T00:00:00.000Z");
const LAST_UTC_MS = Date.parse("9999-12-31T23:59:59.999Z");

/**
 * An instant of a row from before bounds were checked may have no name in ISO 8601; the nearest one stands for it, and the
 * first of all for what somebody wrote there that is no number.
 */
export function isoInstant(utcMs: number): string {
  if (!Number.isFinite(utcMs)) return isoInstant(FIRST_UTC_MS);
  return new Date(Math.min(Math.max(utcMs, FIRST_UTC_MS), LAST_UTC_MS)).toISOString();
}

/** The same of an instant that may be none. */
export function isoInstantOrNull(utcMs: number | null): string | null {
  return utcMs === null ? null : isoInstant(utcMs);
}
