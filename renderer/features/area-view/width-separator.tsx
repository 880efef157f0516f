import { useEffect, useRef, type KeyboardEvent, type PointerEvent } from "react";
import { answerKey } from "#shared/page/keys.ts";
import { WIDTH_DRAG_KEYS, WIDTH_KEYS } from "./area-view-keys.ts";
import styles from "./area-view.module.css";

export const LEAST_WIDTH_PX = 180;
export const MOST_WIDTH_PX = 640;
const STEP_PX = 16;

interface WidthSeparatorProps {
  readonly widthPx: number;
  /** Follows the pointer; nothing is kept. */
  readonly onWidth: (widthPx: number) => void;
  /** The pointer was let go, or a key pressed. */
  readonly onChosen: (widthPx: number) => void;
}

interface Drag {
  readonly pointerId: number;
  readonly beforePx: number;
  /** Ends its listening to Escape. */
  readonly stop: AbortController;
}

/**
 * Between the area view and what stands beside it: dragged, or moved with the arrow keys, Home and End. A drag that is
 * given up, by Escape or because the system took the pointer, leaves the width as it was before.
 */
export function WidthSeparator({ widthPx, onWidth, onChosen }: WidthSeparatorProps) {
  const drag = useRef<Drag | null>(null);
  const end = () => {
    drag.current?.stop.abort();
    drag.current = null;
  };
  const giveUp = () => {
    if (drag.current !== null) onWidth(drag.current.beforePx);
    end();
  };
  const take = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0 || drag.current !== null) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const stop = new AbortController();
    drag.current = { pointerId: event.pointerId, beforePx: widthPx, stop };
    // Before anybody else hears of Escape: it gives up the drag and closes nothing.
    const escape = (pressed: globalThis.KeyboardEvent) => {
      if (answerKey(WIDTH_DRAG_KEYS, pressed, { "give-up": giveUp })) pressed.stopPropagation();
    };
    window.addEventListener("keydown", escape, { capture: true, signal: stop.signal });
  };
  const isDraggedBy = (event: PointerEvent) => drag.current?.pointerId === event.pointerId;
  const follow = (event: PointerEvent<HTMLDivElement>) => {
    if (isDraggedBy(event)) onWidth(widthAt(event));
  };
  const release = (event: PointerEvent<HTMLDivElement>) => {
    if (!isDraggedBy(event)) return;
    end();
    onChosen(widthAt(event));
  };
  // A page that ends in the middle of a drag, as at log-off, listens no longer.
  useEffect(() => () => drag.current?.stop.abort(), []);
  const press = (event: KeyboardEvent) => {
    const choose = (px: number) => onChosen(withinBounds(px));
    answerKey(WIDTH_KEYS, event, {
      narrower: () => choose(widthPx - STEP_PX),
      wider: () => choose(widthPx + STEP_PX),
      least: () => choose(LEAST_WIDTH_PX),
      most: () => choose(MOST_WIDTH_PX),
    });
  };
  return (
    <div
      className={styles["separator"]}
      role="separator"
      aria-label="Width of the area view"
      aria-orientation="vertical"
      aria-valuenow={widthPx}
      aria-valuemin={LEAST_WIDTH_PX}
      aria-valuemax={MOST_WIDTH_PX}
      tabIndex={0}
      onPointerDown={take}
      onPointerMove={follow}
      onPointerUp={release}
      onLostPointerCapture={giveUp}
      onKeyDown={press}
    />
  );
}

/** The separator stands at the right edge of the view, which begins at the left of the window. */
function widthAt(event: PointerEvent<HTMLDivElement>): number {
  const left = event.currentTarget.parentElement?.getBoundingClientRect().left ?? 0;
  return withinBounds(Math.round(event.clientX - left));
}

function withinBounds(px: number): number {
  return Math.min(MOST_WIDTH_PX, Math.max(LEAST_WIDTH_PX, px));
}
