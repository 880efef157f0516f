import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TimeRange } from "#shared/domain/time-range.ts";
import {
  dragStep,
  IDLE,
  type DragEffect,
  type DragEvent,
  type DragState,
  type PressTarget,
} from "./range-drag.ts";
import { panBy } from "./timeline-view.ts";

/** One pixel is one second. */
const view = { startUtcMs: 1_000_000, spanMs: 400_000, widthPx: 400 };
const LATEST = 1_300_000;
const drawn: TimeRange = { startUtcMs: 1_050_000, endUtcMs: 1_100_000 };

function run(...events: DragEvent[]): { state: DragState; effects: DragEffect[] } {
  let state = IDLE;
  const effects: DragEffect[] = [];
  for (const event of events) {
    const step = dragStep(state, event);
    state = step.state;
    effects.push(...step.effects);
  }
  return { state, effects };
}
const press = (target: PressTarget, x: number, range: TimeRange | null = null): DragEvent => ({
  kind: "press",
  target,
  x,
  before: { range, view },
});
const move = (x: number): DragEvent => ({ kind: "move", x, latestUtcMs: LATEST });
const release: DragEvent = { kind: "release" };
const escape: DragEvent = { kind: "escape" };

describe("a drag on the timeline", () => {
  it("that hardly moves is a click and seeks", () => {
    const { state, effects } = run(press("band", 100), move(102), release);
    expect(effects).toEqual([{ kind: "seek", utcMs: 1_100_000 }]);
    expect(state).toBe(IDLE);
  });

  it("on the band draws a new range, from either side", () => {
    expect(run(press("band", 100), move(150), release).effects.at(-1)).toEqual({
      kind: "range",
      range: { startUtcMs: 1_100_000, endUtcMs: 1_150_000 },
      isFinal: true,
    });
    expect(run(press("band", 100), move(50), release).effects.at(-1)).toEqual({
      kind: "range",
      range: { startUtcMs: 1_050_000, endUtcMs: 1_100_000 },
      isFinal: true,
    });
  });

  it("on a handle moves that end, and past the other end turns the range round", () => {
    const moved = run(press("end", 100, drawn), move(140), release).effects.at(-1);
    expect(moved).toMatchObject({ range: { startUtcMs: 1_050_000, endUtcMs: 1_140_000 } });
    const turned = run(press("start", 50, drawn), move(130), release).effects.at(-1);
    expect(turned).toMatchObject({ range: { startUtcMs: 1_100_000, endUtcMs: 1_130_000 } });
  });

  it("never reaches past the present and is never empty, wherever on the strip it begins", () => {
    const onStrip = fc.integer({ min: 0, max: view.widthPx });
    const held = fc.constantFrom<PressTarget>("band", "start", "end");
    const path = fc.array(fc.integer({ min: -50, max: view.widthPx + 100 }));
    fc.assert(
      fc.property(held, onStrip, fc.option(fc.constant(drawn)), path, (target, x, range, xs) => {
        for (const effect of run(press(target, x, range), ...xs.map(move), release).effects) {
          if (effect.kind !== "range" || effect.range === null) continue;
          expect(effect.range.endUtcMs).toBeGreaterThan(effect.range.startUtcMs);
          expect(effect.range.endUtcMs).toBeLessThanOrEqual(LATEST);
        }
      }),
    );
  });

  it("begun past the present ends at the present", () => {
    expect(run(press("band", 398), move(240), release).effects.at(-1)).toEqual({
      kind: "range",
      range: { startUtcMs: 1_240_000, endUtcMs: LATEST },
      isFinal: true,
    });
  });

  it("on the tick row pans from where it was pressed", () => {
    expect(run(press("ticks", 100, drawn), move(120), move(90)).effects.at(-1)).toEqual({
      kind: "view",
      view: panBy(view, -10),
    });
  });

  it("given up by Escape leaves everything as it was", () => {
    const given = run(press("end", 100, drawn), move(140), escape, move(200), release);
    expect(given.effects.at(-1)).toEqual({ kind: "range", range: drawn, isFinal: true });
    expect(run(press("ticks", 100), move(140), escape).effects.at(-1)).toEqual({ kind: "view", view });
    expect(run(press("band", 100), escape, release).effects).toEqual([]);
  });
});
