/** Ten announcements a second are as many as anyone can see. */
const INTERVAL_MS = 100;

/**
 * Coalesces changes: the first is announced at once, those that follow with the next tick, the last never lost.
 * @returns to be called at each change
 */
export function coalesced(announce: () => void, intervalMs: number = INTERVAL_MS): () => void {
  let timer: NodeJS.Timeout | null = null;
  let pending = false;
  const tick = () => {
    timer = null;
    if (!pending) return;
    pending = false;
    announce();
    timer = setTimeout(tick, intervalMs);
  };
  return () => {
    pending = true;
    timer ??= setTimeout(tick, 0);
  };
}
