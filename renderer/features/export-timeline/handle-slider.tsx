import type { KeyboardEvent, Ref } from "react";
import { answerKey } from "#shared/page/keys.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import { archiveNow } from "../../main-process-client/holdings.ts";
import styles from "./export-timeline.module.css";
import type { PutEnd } from "./marked-by-key.ts";
import { HANDLE_KEYS } from "./timeline-keys.ts";
import { spokenInstant } from "./timeline-marks.ts";

/** Stands for a frame whose length is not known: cameras record 15 to 30 a second. */
const FRAME_MS = 40;

interface HandleSliderProps {
  readonly side: "start" | "end";
  readonly ref: Ref<HTMLDivElement>;
  readonly range: TimeRange | null;
  readonly zone: string;
  /** Length of the camera's frames in milliseconds, or null while it is not known. */
  readonly readFrameMs: () => number | null;
  /** `revealUtcMs` is the end that moved; it should stay in sight. */
  readonly onChange: (range: TimeRange | null, revealUtcMs?: number) => void;
}

/** One end of the export: arrows 1 s, with Shift 10 s, with Ctrl one frame; Delete clears the range. */
export function HandleSlider({ side, ref, range, zone, readFrameMs, onChange }: HandleSliderProps) {
  const value = range === null ? 0 : side === "start" ? range.startUtcMs : range.endUtcMs;
  const press = (event: KeyboardEvent) => {
    if (range === null) return;
    const frameMs = Math.round(readFrameMs() ?? FRAME_MS);
    const isCtrlHeld = event.ctrlKey || event.metaKey;
    const stepMs = isCtrlHeld ? frameMs : event.shiftKey ? 10_000 : 1_000;
    const move = (deltaMs: number) => {
      const moved = moveEnd(range, { side, utcMs: value + deltaMs, latestUtcMs: archiveNow() });
      onChange(moved, side === "start" ? moved.startUtcMs : moved.endUtcMs);
    };
    const isAnswered = answerKey(HANDLE_KEYS, event, {
      earlier: () => move(-stepMs),
      later: () => move(stepMs),
      clear: () => onChange(null),
    });
    if (isAnswered) event.stopPropagation();
  };
  return (
    <div
      ref={ref}
      hidden={range === null}
      className={styles["handle"]}
      data-side={side}
      role="slider"
      tabIndex={0}
      aria-label={side === "start" ? "Export start" : "Export end"}
      aria-valuenow={value}
      {...(range === null ? {} : valueBounds(range, side))}
      aria-valuetext={range === null ? "none" : spokenInstant(value, zone)}
      onKeyDown={press}
    />
  );
}

function valueBounds(range: TimeRange, side: "start" | "end") {
  return side === "start"
    ? { "aria-valuemin": 0, "aria-valuemax": range.endUtcMs }
    : { "aria-valuemin": range.startUtcMs, "aria-valuemax": archiveNow() };
}

/** By the keyboard an end stops at the other one and at the present. */
export function moveEnd(range: TimeRange, { side, utcMs, latestUtcMs }: PutEnd): TimeRange {
  if (side === "start") return { ...range, startUtcMs: Math.min(utcMs, range.endUtcMs - 1) };
  return { ...range, endUtcMs: Math.max(Math.min(utcMs, latestUtcMs), range.startUtcMs + 1) };
}
