/**
 * Calls once per drawn picture of the window.
 * @param onStep takes the milliseconds since the call before
 * @returns stops it
 */
export function runSteps(onStep: (elapsedMs: number) => void): () => void {
  let before = performance.now();
  let next = 0;
  const step = () => {
    next = requestAnimationFrame(step);
    const now = performance.now();
    const elapsedMs = now - before;
    before = now;
    onStep(elapsedMs);
  };
  next = requestAnimationFrame(step);
  return () => cancelAnimationFrame(next);
}
