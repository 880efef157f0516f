import { actionOf } from "#shared/page/keys.ts";
import { DRAG_KEYS } from "./timeline-keys.ts";

/** What reaches a timeline from outside: pointer, wheel, Escape and a new size. */
export interface TimelineInput {
  readonly onPress: (event: PointerEvent) => void;
  readonly onMove: (event: PointerEvent) => void;
  readonly onRelease: () => void;
  readonly onCancel: () => void;
  readonly onLeave: () => void;
  readonly onWheel: (event: WheelEvent) => void;
  /** Before anybody else hears of it, so that a drag is given up and no dialog closes. */
  readonly onEscape: (event: KeyboardEvent) => void;
  readonly onResize: () => void;
}

/**
 * Listens outside of React, which would draw again at each pixel.
 * @returns stops listening
 */
export function listenToTimeline(root: HTMLElement, input: TimelineInput): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  root.addEventListener("pointerdown", input.onPress, { signal });
  root.addEventListener("pointermove", input.onMove, { signal });
  root.addEventListener("pointerup", input.onRelease, { signal });
  root.addEventListener("pointercancel", input.onCancel, { signal });
  root.addEventListener("pointerleave", input.onLeave, { signal });
  root.addEventListener("wheel", input.onWheel, { signal, passive: false });
  const press = (event: KeyboardEvent) => {
    if (actionOf(DRAG_KEYS, event) !== null) input.onEscape(event);
  };
  window.addEventListener("keydown", press, { signal, capture: true });
  const observer = new ResizeObserver(input.onResize);
  observer.observe(root);
  return () => {
    stop.abort();
    observer.disconnect();
  };
}
