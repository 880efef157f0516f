/** The few elements over a timeline's canvas, moved by hand: two handles, the bubble, and the way back to the present. */
import type { TimeRange } from "#shared/domain/time-range.ts";
import { durationMs } from "#shared/domain/time-range.ts";
import { formatExactDuration } from "#shared/words/durations.ts";
import { formatDate, formatOffset, formatTimeMs } from "#shared/words/instants.ts";
import { archiveNow } from "../../main-process-client/holdings.ts";
import type { DragState } from "./range-drag.ts";
import { instantAt, nearestEnd, placeOf, xAt, type TimelineView } from "./timeline-view.ts";

export interface MarkElements {
  readonly start: HTMLElement;
  readonly end: HTMLElement;
  readonly bubble: HTMLElement;
  /** Leads back to the present; there while a live tile's timeline does not show it. */
  readonly present: HTMLElement;
}

/** Half the bubble's width; it stays inside the tile. */
const BUBBLE_REACH_PX = 78;

/** Half an arrow's width; it stays inside the tile. */
const ARROW_REACH_PX = 5;

export class TimelineMarks {
  readonly #elements: MarkElements;
  readonly #zone: string;

  constructor(elements: MarkElements, zone: string) {
    this.#elements = elements;
    this.#zone = zone;
  }

  handleOf(target: EventTarget | null): "start" | "end" | null {
    if (target === this.#elements.start) return "start";
    return target === this.#elements.end ? "end" : null;
  }

  place(view: TimelineView, range: TimeRange | null): void {
    const { start, end } = this.#elements;
    start.hidden = range === null;
    end.hidden = range === null;
    if (range === null) return;
    this.#placeHandle(start, view, range.startUtcMs);
    this.#placeHandle(end, view, range.endUtcMs);
  }

  /** An end that lies out of sight is no handle there: an arrow at the edge says on which side it is. */
  #placeHandle(handle: HTMLElement, view: TimelineView, utcMs: number): void {
    const place = placeOf(view, utcMs);
    const edge = place === "before" ? ARROW_REACH_PX : view.widthPx - ARROW_REACH_PX;
    handle.style.transform = `translateX(${place === "inside" ? xAt(view, utcMs) : edge}px)`;
    if (place === "inside") delete handle.dataset["outside"];
    else handle.dataset["outside"] = place;
  }

  /** @param presentUtcMs null for a tile that is not live, or whose timeline follows the present */
  showWayToPresent(view: TimelineView, presentUtcMs: number | null): void {
    const place = presentUtcMs === null ? "inside" : placeOf(view, presentUtcMs);
    this.#elements.present.hidden = place === "inside";
    this.#elements.present.dataset["side"] = place;
  }

  /** The instant that a press on this arrow brings into sight; null for what is no arrow. */
  arrowTo(target: EventTarget | null, view: TimelineView, range: TimeRange | null): number | null {
    const side = this.handleOf(target);
    if (side === null || range === null || !("outside" in this.#elements[side].dataset)) return null;
    return nearestEnd(view, range, side);
  }

  /** @param toUtcMs where an arrow under the pointer leads; null beside them */
  showHover(view: TimelineView, x: number, toUtcMs: number | null): void {
    this.#showBubble(view, x, this.#timeWords(toUtcMs ?? instantAt(view, x)));
  }

  /** The end under the pointer and how long the range is. */
  showDrag(view: TimelineView, range: TimeRange, drag: DragState): void {
    const anchor = "anchorUtcMs" in drag ? drag.anchorUtcMs : range.startUtcMs;
    const moving = anchor === range.startUtcMs ? range.endUtcMs : range.startUtcMs;
    const words = `${this.#timeWords(moving)}\n${formatExactDuration(durationMs(range))}`;
    this.#showBubble(view, xAt(view, moving), words);
    this.#speak(range);
  }

  hideBubble(): void {
    this.#elements.bubble.hidden = true;
  }

  /** What assistive technology hears of the handles, while a drag goes past React. */
  #speak(range: TimeRange): void {
    const { start, end } = this.#elements;
    start.setAttribute("aria-valuetext", spokenInstant(range.startUtcMs, this.#zone));
    end.setAttribute("aria-valuetext", spokenInstant(range.endUtcMs, this.#zone));
  }

  #timeWords(utcMs: number): string {
    const date = formatDate(utcMs, this.#zone);
    const time = `${formatTimeMs(utcMs, this.#zone)} ${formatOffset(utcMs, this.#zone)}`;
    return date === formatDate(archiveNow(), this.#zone) ? time : `${date}\n${time}`;
  }

  #showBubble(view: TimelineView, x: number, words: string): void {
    const { bubble } = this.#elements;
    const inside = Math.min(view.widthPx - BUBBLE_REACH_PX, Math.max(BUBBLE_REACH_PX, x));
    bubble.hidden = false;
    bubble.textContent = words;
    bubble.style.transform = `translate(${Math.round(inside)}px, -100%) translateX(-50%)`;
  }
}

/** `2026-11-23 14:03:07.250 UTC+01:00` */
export function spokenInstant(utcMs: number, zone: string): string {
  return `${formatDate(utcMs, zone)} ${formatTimeMs(utcMs, zone)} ${formatOffset(utcMs, zone)}`;
}
