/**
 * Geometry of a timeline: which instants stand at which pixel. Pure; instants in milliseconds UTC,
 * x in CSS pixels from the left edge.
 */
import { HOUR_MS, SECOND_MS, type TimeRange } from "#shared/domain/time-range.ts";

export interface TimelineView {
  readonly startUtcMs: number;
  /** Milliseconds shown across the whole width. */
  readonly spanMs: number;
  readonly widthPx: number;
}

export const SPAN_MIN_MS = 2 * SECOND_MS;
export const SPAN_MAX_MS = 24 * HOUR_MS;

export function xAt(view: TimelineView, utcMs: number): number {
  return ((utcMs - view.startUtcMs) / view.spanMs) * view.widthPx;
}

/** The instant at a pixel, to the whole millisecond. */
export function instantAt(view: TimelineView, x: number): number {
  return Math.round(view.startUtcMs + (x / view.widthPx) * view.spanMs);
}

export function viewRange(view: TimelineView): TimeRange {
  return { startUtcMs: Math.floor(view.startUtcMs), endUtcMs: Math.ceil(view.startUtcMs + view.spanMs) };
}

/**
 * Zooms so that the instant under the pointer stays there.
 * @param factor over 1 shows more time, under 1 less
 */
export function zoomAround(view: TimelineView, x: number, factor: number): TimelineView {
  const spanMs = Math.min(SPAN_MAX_MS, Math.max(SPAN_MIN_MS, view.spanMs * factor));
  const share = x / view.widthPx;
  return { ...view, spanMs, startUtcMs: view.startUtcMs + share * (view.spanMs - spanMs) };
}

/** Moves the shown time with the pointer: to the right shows earlier instants. */
export function panBy(view: TimelineView, deltaPx: number): TimelineView {
  return { ...view, startUtcMs: view.startUtcMs - (deltaPx / view.widthPx) * view.spanMs };
}

/** Shows an instant at a share of the width (0 left edge, 1 right edge). */
export function placeAt(view: TimelineView, utcMs: number, share: number): TimelineView {
  return { ...view, startUtcMs: utcMs - share * view.spanMs };
}

/** On which side of what is shown an instant lies. */
export type Place = "before" | "inside" | "after";

export function placeOf(view: TimelineView, utcMs: number): Place {
  const x = xAt(view, utcMs);
  if (x < 0) return "before";
  return x > view.widthPx ? "after" : "inside";
}

/**
 * Which end of a range an arrow at the edge leads to: the nearer one where both lie beyond it.
 * @param side the end whose arrow it is
 */
export function nearestEnd(view: TimelineView, range: TimeRange, side: "start" | "end"): number {
  if (placeOf(view, range.endUtcMs) === "before") return range.endUtcMs;
  if (placeOf(view, range.startUtcMs) === "after") return range.startUtcMs;
  return side === "start" ? range.startUtcMs : range.endUtcMs;
}

/**
 * A range to read footage for: wider than the view and on a coarse grid, so that scrolling and playing
 * on ask again only now and then.
 */
export function footageRangeFor(view: TimelineView): TimeRange {
  const grid = 2 ** Math.ceil(Math.log2(view.spanMs));
  return {
    startUtcMs: Math.max(0, Math.floor((view.startUtcMs - view.spanMs / 4) / grid) * grid),
    endUtcMs: Math.ceil((view.startUtcMs + view.spanMs * 1.25) / grid) * grid,
  };
}
