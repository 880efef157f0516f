const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/**
 * How long to wait before try number `failures` (1 for the first repeat): doubles up to half a minute,
 * with jitter, so that cameras lost together do not come back together. Never gives up.
 * @param random in [0, 1)
 */
export function backoffMs(failures: number, random: number = Math.random()): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 16));
  return Math.round(ceiling * (0.5 + random / 2));
}
