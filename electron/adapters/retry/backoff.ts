const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/**
 * Exponential backoff with full jitter, 1 s to 60 s: many consoles that lost the same service come back
 * spread out.
 * @param attempt how many tries have failed, from 1
 * @param random in [0, 1)
 */
export function backoffMs(attempt: number, random: number = Math.random()): number {
  const ceiling = Math.min(FIRST_MS * 2 ** (attempt - 1), LONGEST_MS);
  return Math.max(250, Math.round(random * ceiling));
}
