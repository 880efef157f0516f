/**
 * Runs one timeline outside of React: pointer, wheel and playback change the picture, and the picture
 * is drawn at most once a frame and only when it looks different.
 */
import type { Run } from "#shared/domain/footage.ts";
import { HOUR_MS, type TimeRange } from "#shared/domain/time-range.ts";
import { archiveNow } from "../../main-process-client/holdings.ts";
import {
  dragStep,
  IDLE,
  type DragEffect,
  type DragEvent,
  type DragState,
  type PressTarget,
} from "./range-drag.ts";
import { TimelineCanvas } from "./timeline-canvas.ts";
import { listenToTimeline } from "./timeline-input.ts";
import { TimelineMarks, type MarkElements } from "./timeline-marks.ts";
import type { TimelinePlace } from "./timeline-places.ts";
import { BAND_TOP_PX, type TimelinePicture } from "./timeline-painter.ts";
import { instantAt, panBy, placeAt, xAt, zoomAround, type TimelineView } from "./timeline-view.ts";

export interface TimelineElements extends MarkElements {
  readonly root: HTMLElement;
  readonly canvas: HTMLCanvasElement;
}

export interface TimelineCallbacks {
  /** The instant shown in the tile, milliseconds UTC, or null while there is none. */
  readonly readInstant: () => number | null;
  readonly isLive: () => boolean;
  readonly onSeek: (utcMs: number) => void;
  readonly onRange: (range: TimeRange | null) => void;
  /** Playback is at another place at once: an instant, or null for live. */
  readonly onLeap: (utcMs: number | null) => void;
  /** The view moved; footage may be missing. */
  readonly onView: (view: TimelineView) => void;
}

/** How near to a handle a press takes it, in pixels. */
const HANDLE_REACH_PX = 6;
/** How near to the present the pointer is at it, in pixels. */
const PRESENT_REACH_PX = 24;
/** Where the present stands in a live tile's timeline, as a share of the width. */
const LIVE_SHARE = 0.86;
/** Playback comes this far between two looks at most; further, somebody or a gap has moved it. */
const LEAP_MS = 20_000;
/** Where playback stands after a leap out of sight: what led up to it is looked for more often than what follows. */
const LEAP_SHARE = 0.6;
const ZOOM_PER_WHEEL_PX = 1.0018;

interface TimelineSurroundings {
  /** Of the site. */
  readonly zone: string;
  /** Where it stood when it was last on screen; null for a new one. */
  readonly before: TimelinePlace | null;
}

export class TimelineController {
  readonly #elements: TimelineElements;
  readonly #callbacks: TimelineCallbacks;
  readonly #zone: string;
  readonly #marks: TimelineMarks;
  readonly #canvas: TimelineCanvas;
  readonly #release: readonly (() => void)[];
  #view: TimelineView;
  #drag: DragState = IDLE;
  #runs: readonly Run[] = [];
  #range: TimeRange | null = null;
  #isFollowing: boolean;
  /** Where the present stands while it is followed, as a share of the width. */
  #presentShare: number;
  #before: { readonly isLive: boolean; readonly playhead: number | null } = {
    isLive: true,
    playhead: null,
  };
  #drawnAs = "";
  /** It stands where it stood before, until playback leaps from where it was. */
  #isAsBefore: boolean;

  constructor(
    elements: TimelineElements,
    callbacks: TimelineCallbacks,
    { zone, before }: TimelineSurroundings,
  ) {
    this.#elements = elements;
    this.#callbacks = callbacks;
    this.#zone = zone;
    this.#marks = new TimelineMarks(elements, zone);
    const widthPx = Math.max(1, elements.root.clientWidth);
    this.#isAsBefore = before !== null;
    this.#isFollowing = before === null || before.presentShare !== null;
    this.#presentShare = before?.presentShare ?? LIVE_SHARE;
    const view = { startUtcMs: before?.startUtcMs ?? 0, spanMs: before?.spanMs ?? HOUR_MS, widthPx };
    this.#view = this.#isFollowing ? placeAt(view, archiveNow(), this.#presentShare) : view;
    this.#canvas = new TimelineCanvas(elements.canvas, () => this.#picture());
    this.#release = [this.#listen(), onDrawingTick(() => this.#tick())];
    this.#resize();
    callbacks.onView(this.#view);
  }

  setRuns(runs: readonly Run[]): void {
    this.#runs = runs;
    this.#canvas.paintSoon();
  }

  /** The range as the store has it; while one is dragged, the hand decides. */
  setRange(range: TimeRange | null): void {
    if (this.#isDraggingRange()) return;
    this.#range = range;
    this.#canvas.paintSoon();
  }

  /** Shows an instant that would otherwise be outside, e.g. a handle moved by the keyboard. */
  reveal(utcMs: number): void {
    const x = xAt(this.#view, utcMs);
    if (x >= 0 && x <= this.#view.widthPx) return;
    this.#isFollowing = false;
    this.#moveTo(placeAt(this.#view, utcMs, x < 0 ? 0.1 : 0.9));
  }

  /** @param factor over 1 shows more time */
  zoom(factor: number): void {
    const instant = this.#callbacks.readInstant() ?? archiveNow();
    const x = Math.min(this.#view.widthPx, Math.max(0, xAt(this.#view, instant)));
    this.#moveTo(zoomAround(this.#view, x, factor));
  }

  /** Back to the present, which then stays in sight. */
  followLive(): void {
    this.#isFollowing = true;
    this.#presentShare = LIVE_SHARE;
    this.#tick();
    this.#canvas.paintSoon();
  }

  /** Where it stands now; a tile in playback follows no present. */
  place(): TimelinePlace {
    const { startUtcMs, spanMs } = this.#view;
    return { startUtcMs, spanMs, presentShare: this.#followsLive() ? this.#presentShare : null };
  }

  dispose(): void {
    this.#release.forEach((each) => each());
    this.#canvas.dispose();
  }

  #listen(): () => void {
    return listenToTimeline(this.#elements.root, {
      onPress: (event) => this.#press(event),
      onMove: (event) => this.#move(event),
      onRelease: () => this.#take({ kind: "release" }),
      onCancel: () => this.#take({ kind: "escape" }),
      onLeave: () => this.#hoverEnd(),
      onWheel: (event) => this.#wheel(event),
      onEscape: (event) => this.#escape(event),
      onResize: () => this.#resize(),
    });
  }

  #pointerX(event: MouseEvent): number {
    return event.clientX - this.#elements.root.getBoundingClientRect().left;
  }

  #targetAt(event: PointerEvent): PressTarget {
    const handle = this.#marks.handleOf(event.target);
    if (handle !== null) return handle;
    const x = this.#pointerX(event);
    const top = this.#elements.root.getBoundingClientRect().top;
    if (event.clientY - top < BAND_TOP_PX - 2) return "ticks";
    if (this.#range === null) return "band";
    const toStart = Math.abs(x - xAt(this.#view, this.#range.startUtcMs));
    const toEnd = Math.abs(x - xAt(this.#view, this.#range.endUtcMs));
    if (Math.min(toStart, toEnd) > HANDLE_REACH_PX) return "band";
    return toStart < toEnd ? "start" : "end";
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0 || this.#elements.present.contains(event.target as Node | null)) return;
    const toUtcMs = this.#marks.arrowTo(event.target, this.#view, this.#range);
    if (toUtcMs !== null) return this.reveal(toUtcMs);
    this.#elements.root.setPointerCapture(event.pointerId);
    const before = { range: this.#range, view: this.#view };
    this.#take({ kind: "press", target: this.#targetAt(event), x: this.#pointerX(event), before });
  }

  #move(event: PointerEvent): void {
    if (this.#drag.kind === "idle") {
      this.#hover(event);
      return;
    }
    this.#take({ kind: "move", x: this.#pointerX(event), latestUtcMs: archiveNow() });
  }

  #escape(event: KeyboardEvent): void {
    if (this.#drag.kind === "idle") return;
    event.preventDefault();
    event.stopPropagation();
    this.#take({ kind: "escape" });
  }

  #hoverEnd(): void {
    if (this.#drag.kind === "idle") this.#marks.hideBubble();
  }

  #hover(event: MouseEvent): void {
    if (this.#elements.present.contains(event.target as Node | null)) return this.#marks.hideBubble();
    const toUtcMs = this.#marks.arrowTo(event.target, this.#view, this.#range);
    this.#marks.showHover(this.#view, this.#pointerX(event), toUtcMs);
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    if (this.#drag.kind !== "idle") return;
    const x = this.#pointerX(event);
    const isSideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    const delta = isSideways ? event.deltaX || event.deltaY : event.deltaY;
    if (isSideways) {
      this.#isFollowing = false;
      this.#moveTo(panBy(this.#view, -delta));
    } else this.#zoomAt(x, ZOOM_PER_WHEEL_PX ** delta);
    this.#hover(event);
  }

  /**
   * What is under the pointer stays there. The present is followed on where it then stands, unless it is out of sight; with
   * the pointer beside it, or beyond, it is the present that stays.
   */
  #zoomAt(x: number, factor: number): void {
    const nowUtcMs = archiveNow();
    const isAtPresent = this.#followsLive() && x >= xAt(this.#view, nowUtcMs) - PRESENT_REACH_PX;
    const zoomed = zoomAround(this.#view, x, factor);
    if (isAtPresent) return this.#moveTo(placeAt(zoomed, nowUtcMs, this.#presentShare));
    const share = xAt(zoomed, nowUtcMs) / zoomed.widthPx;
    if (share < 0 || share > 1) this.#isFollowing = false;
    else this.#presentShare = share;
    this.#moveTo(zoomed);
  }

  #followsLive(): boolean {
    return this.#isFollowing && this.#callbacks.isLive();
  }

  #take(event: DragEvent): void {
    const { state, effects } = dragStep(this.#drag, event);
    this.#drag = state;
    effects.forEach((effect) => this.#carryOut(effect));
    if (state.kind === "idle" && event.kind !== "move") this.#marks.hideBubble();
  }

  #carryOut(effect: DragEffect): void {
    switch (effect.kind) {
      case "seek":
        return this.#callbacks.onSeek(Math.min(effect.utcMs, archiveNow()));
      case "view":
        this.#isFollowing = false;
        return this.#moveTo(effect.view);
      case "range":
        this.#range = effect.range;
        if (effect.isFinal) this.#callbacks.onRange(effect.range);
        else if (effect.range !== null) this.#marks.showDrag(this.#view, effect.range, this.#drag);
        return this.#canvas.paintSoon();
    }
  }

  #moveTo(view: TimelineView): void {
    this.#view = view;
    this.#callbacks.onView(view);
    this.#canvas.paintSoon();
  }

  #isDraggingRange(): boolean {
    return this.#drag.kind.startsWith("dragging");
  }

  /** Playback moved on: the picture follows it, and is drawn again if a pixel of it changed. */
  #tick(): void {
    const playhead = this.#callbacks.readInstant();
    if (this.#drag.kind === "idle") {
      this.#followLeap(playhead);
      this.#keepInSight(playhead);
    }
    const pixel = (utcMs: number) => Math.round(xAt(this.#view, utcMs));
    const look = `${this.#callbacks.isLive()} ${this.#view.startUtcMs} ${playhead === null ? "" : pixel(playhead)} ${pixel(archiveNow())}`;
    if (look !== this.#drawnAs) this.#canvas.paintSoon();
    this.#drawnAs = look;
  }

  /** A time that was asked for by its words is looked at: a mark beside another picture would be of other footage. */
  #followLeap(playhead: number | null): void {
    const before = this.#before;
    const isLive = this.#callbacks.isLive();
    this.#before = { isLive, playhead };
    const leapt = playhead !== null && Math.abs(playhead - (before.playhead ?? 0)) > LEAP_MS;
    if (playhead !== null && this.#isAsBefore) {
      this.#isAsBefore = false;
      return this.#callbacks.onLeap(isLive ? null : playhead);
    }
    if (!leapt && isLive === before.isLive) return;
    this.#callbacks.onLeap(isLive ? null : playhead);
    if (isLive || !leapt) return;
    const x = xAt(this.#view, playhead);
    if (x < 0 || x > this.#view.widthPx) this.#moveTo(placeAt(this.#view, playhead, LEAP_SHARE));
  }

  #keepInSight(playhead: number | null): void {
    const msPerPx = this.#view.spanMs / this.#view.widthPx;
    const wholePixel = (view: TimelineView) => ({
      ...view,
      startUtcMs: Math.floor(view.startUtcMs / msPerPx) * msPerPx,
    });
    if (this.#followsLive()) {
      const view = wholePixel(placeAt(this.#view, archiveNow(), this.#presentShare));
      if (view.startUtcMs !== this.#view.startUtcMs) this.#moveTo(view);
      return;
    }
    if (playhead === null) return;
    // A playhead that leaves by the right edge turns the page; one that was brought outside stays there.
    const x = xAt(this.#view, playhead);
    if (x > this.#view.widthPx && x < this.#view.widthPx + 8)
      this.#moveTo(placeAt(this.#view, playhead, 0.1));
  }

  #resize(): void {
    const widthPx = Math.max(1, this.#elements.root.clientWidth);
    this.#view = { ...this.#view, widthPx };
    this.#canvas.resize(widthPx);
  }

  /** What is painted now; handles and bubbles are elements and move with it. */
  #picture(): TimelinePicture {
    const view = this.#view;
    const zone = this.#zone;
    const runs = this.#runs;
    const range = this.#range;
    this.#marks.place(view, range);
    this.#marks.showWayToPresent(view, this.#callbacks.isLive() && !this.#isFollowing ? archiveNow() : null);
    return { view, zone, runs, range, nowUtcMs: archiveNow(), playheadUtcMs: this.#callbacks.readInstant() };
  }

  /** The instant in the middle of what is shown, for what has no pointer. */
  middle(): number {
    return instantAt(this.#view, this.#view.widthPx / 2);
  }
}

/** One slow clock for all timelines: sixteen with a clock each would wake the page sixteen times as often. */
const DRAWING_INTERVAL_MS = 200;

const drawingListeners = new Set<() => void>();
let drawingTimer: ReturnType<typeof setInterval> | null = null;

/** @returns stops listening; the clock stands still while nobody listens */
function onDrawingTick(listener: () => void): () => void {
  drawingListeners.add(listener);
  drawingTimer ??= setInterval(() => drawingListeners.forEach((each) => each()), DRAWING_INTERVAL_MS);
  return () => {
    drawingListeners.delete(listener);
    if (drawingListeners.size > 0 || drawingTimer === null) return;
    clearInterval(drawingTimer);
    drawingTimer = null;
  };
}
