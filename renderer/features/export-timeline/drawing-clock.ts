/**
 * One slow clock for everything that follows playback without React: sixteen tiles with a clock each
 * would wake the page sixteen times as often.
 */
const INTERVAL_MS = 200;

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;

/** @returns stops listening; the clock stands still while nobody listens */
export function onDrawingTick(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => listeners.forEach((each) => each()), INTERVAL_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}
