import { useEffect, useRef } from "react";
import { focusTile } from "../features/camera-tiles/tile-focus.ts";

/** Whoever logged on, or opened a window, works on with the keyboard where the work is: at the first tile. */
export function useFocusAtStart(isReady: boolean): void {
  const isDone = useRef(false);
  useEffect(() => {
    if (!isReady || isDone.current) return;
    isDone.current = true;
    if (document.activeElement === document.body) focusTile();
  }, [isReady]);
}
