/** An instant as the service takes it; null for none. */
export function sentInstant(utcMs: number | null): string | null {
  return utcMs === null ? null : new Date(utcMs).toISOString();
}
