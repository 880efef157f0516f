import { useEffect, useState } from "react";

/** A recorder that has just been started has reached its cameras by then, and written a segment of each. */
const START_MS = 15_000;

/**
 * Whether the console has just begun to show cameras.
 * @param areCamerasKnown the time runs from the moment at which they are
 */
export function useIsStarting(areCamerasKnown: boolean): boolean {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    if (!areCamerasKnown) return undefined;
    const timer = setTimeout(() => setIsOver(true), START_MS);
    return () => clearTimeout(timer);
  }, [areCamerasKnown]);
  return !isOver;
}
