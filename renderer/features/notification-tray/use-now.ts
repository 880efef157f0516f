import { useEffect, useState } from "react";

/**
 * The present, for what counts down on the screen.
 * @param everyMs draws again this often; null stops the clock
 */
export function useNow(everyMs: number | null): number {
  const [nowUtcMs, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (everyMs === null) return;
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowUtcMs;
}
