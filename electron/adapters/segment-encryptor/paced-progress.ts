/** As often as the status is shown. */
const TELL_EVERY_MS = 100;

/**
 * Adds up bytes and tells the sum: the first at once, as it ends a wait, then ten times a second, however fast or slow
 * the line. Whoever uses it tells the end.
 */
export function pacedProgress(
  tell: (bytes: number) => void,
  now: () => number = () => performance.now(),
): (bytes: number) => void {
  let [bytes, nextAtMs] = [0, -Infinity];
  return (more) => {
    bytes += more;
    const nowMs = now();
    if (nowMs < nextAtMs) return;
    nextAtMs = nowMs + TELL_EVERY_MS;
    tell(bytes);
  };
}
