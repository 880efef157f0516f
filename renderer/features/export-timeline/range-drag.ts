/**
 * The drag on a timeline as a state machine: pressed → dragging or panning → idle; Escape restores.
 * Pure: it answers the next state and what is to be done, and never looks at the clock or the screen.
 */
import { assertNever } from "#shared/domain/failure.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import { instantAt, panBy, type TimelineView } from "./timeline-view.ts";

export type PressTarget = "band" | "ticks" | "start" | "end";

interface Before {
  readonly range: TimeRange | null;
  readonly view: TimelineView;
}

export type DragState =
  | { readonly kind: "idle" }
  | { readonly kind: "pressed"; readonly target: PressTarget; readonly x: number; readonly before: Before }
  | {
      readonly kind: "dragging-new-range" | "dragging-start" | "dragging-end";
      /** The end of the range that stays where it is. */
      readonly anchorUtcMs: number;
      readonly range: TimeRange;
      readonly before: Before;
    }
  | { readonly kind: "panning"; readonly x: number; readonly before: Before };

export type DragEvent =
  | { readonly kind: "press"; readonly target: PressTarget; readonly x: number; readonly before: Before }
  /** `latestUtcMs`: nothing later can be exported, i.e. the present. */
  | { readonly kind: "move"; readonly x: number; readonly latestUtcMs: number }
  | { readonly kind: "release" }
  | { readonly kind: "escape" };

export type DragEffect =
  /** `isFinal`: the drag is over and the range stands. */
  | { readonly kind: "range"; readonly range: TimeRange | null; readonly isFinal: boolean }
  | { readonly kind: "view"; readonly view: TimelineView }
  | { readonly kind: "seek"; readonly utcMs: number };

export interface DragStep {
  readonly state: DragState;
  readonly effects: readonly DragEffect[];
}

export const IDLE: DragState = { kind: "idle" };

/** A hand that only clicks moves this little. */
export const CLICK_SLOP_PX = 4;

export function dragStep(state: DragState, event: DragEvent): DragStep {
  switch (event.kind) {
    case "press":
      return {
        state: { kind: "pressed", target: event.target, x: event.x, before: event.before },
        effects: [],
      };
    case "move":
      return move(state, event.x, event.latestUtcMs);
    case "release":
      return release(state);
    case "escape":
      return escape(state);
    default:
      return assertNever(event);
  }
}

function move(state: DragState, x: number, latestUtcMs: number): DragStep {
  switch (state.kind) {
    case "idle":
      return { state, effects: [] };
    case "pressed":
      return Math.abs(x - state.x) < CLICK_SLOP_PX
        ? { state, effects: [] }
        : move(begin(state, latestUtcMs), x, latestUtcMs);
    case "panning":
      return { state, effects: [{ kind: "view", view: panBy(state.before.view, x - state.x) }] };
    case "dragging-new-range":
    case "dragging-start":
    case "dragging-end": {
      const utcMs = Math.min(instantAt(state.before.view, x), latestUtcMs);
      const range = rangeBetween(state.anchorUtcMs, utcMs, latestUtcMs);
      return { state: { ...state, range }, effects: [{ kind: "range", range, isFinal: false }] };
    }
    default:
      return assertNever(state);
  }
}

/** What a press becomes once the pointer has really moved. */
function begin(state: DragState & { kind: "pressed" }, latestUtcMs: number): DragState {
  const { target, x, before } = state;
  if (target === "ticks") return { kind: "panning", x, before };
  if (target === "band" || before.range === null) {
    // The strip goes on past the present, and what is pressed there is as little footage as what is dragged to.
    const anchorUtcMs = Math.min(instantAt(before.view, x), latestUtcMs);
    const range = rangeBetween(anchorUtcMs, anchorUtcMs, latestUtcMs);
    return { kind: "dragging-new-range", anchorUtcMs, range, before };
  }
  const anchorUtcMs = target === "start" ? before.range.endUtcMs : before.range.startUtcMs;
  return {
    kind: target === "start" ? "dragging-start" : "dragging-end",
    anchorUtcMs,
    range: before.range,
    before,
  };
}

/** Dragging one end past the other turns the range round; it is never empty, and nothing of it is of the future. */
function rangeBetween(a: number, b: number, latestUtcMs: number): TimeRange {
  const startUtcMs = Math.min(a, b, latestUtcMs - 1);
  return { startUtcMs, endUtcMs: Math.min(Math.max(a, b, startUtcMs + 1), latestUtcMs) };
}

function release(state: DragState): DragStep {
  switch (state.kind) {
    case "idle":
    case "panning":
      return { state: IDLE, effects: [] };
    case "pressed":
      return { state: IDLE, effects: [{ kind: "seek", utcMs: instantAt(state.before.view, state.x) }] };
    case "dragging-new-range":
    case "dragging-start":
    case "dragging-end":
      return { state: IDLE, effects: [{ kind: "range", range: state.range, isFinal: true }] };
    default:
      return assertNever(state);
  }
}

function escape(state: DragState): DragStep {
  switch (state.kind) {
    case "idle":
    case "pressed":
      return { state: IDLE, effects: [] };
    case "panning":
      return { state: IDLE, effects: [{ kind: "view", view: state.before.view }] };
    case "dragging-new-range":
    case "dragging-start":
    case "dragging-end":
      return { state: IDLE, effects: [{ kind: "range", range: state.before.range, isFinal: true }] };
    default:
      return assertNever(state);
  }
}
