import type { KeyboardEvent, PointerEvent } from "react";
import { answerKey } from "#shared/page/keys.ts";
import { WIDTH_KEYS } from "./area-view-keys.ts";
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

/** Between the area view and what stands beside it: dragged, or moved with the arrow keys, Home and End. */
export function WidthSeparator({ widthPx, onWidth, onChosen }: WidthSeparatorProps) {
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) onWidth(widthAt(event));
  };
  const release = (event: PointerEvent<HTMLDivElement>) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) onChosen(widthAt(event));
  };
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
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onPointerUp={release}
      onPointerCancel={() => onChosen(widthPx)}
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
