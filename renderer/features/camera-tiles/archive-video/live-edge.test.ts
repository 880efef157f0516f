import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LiveDelay, liveStep } from "./live-edge.ts";

describe("a live player", () => {
  it("plays on at its pace where it should be", () => {
    expect(liveStep(0, false)).toEqual({ kind: "play", rate: 1 });
    expect(liveStep(-39, true)).toEqual({ kind: "play", rate: 1 });
  });

  it("runs faster the later it is, never faster than half as fast again, and waits when it is ahead", () => {
    expect(liveStep(60, false)).toEqual({ kind: "play", rate: 1.05 });
    expect(liveStep(500, false)).toEqual({ kind: "play", rate: 1.25 });
    expect(liveStep(2_900, false)).toEqual({ kind: "play", rate: 1.5 });
    expect(liveStep(-60, false)).toEqual({ kind: "play", rate: 0.95 });
    expect(liveStep(-2_000, false)).toEqual({ kind: "play", rate: 0.85 });
  });

  it("jumps when it is far away, and sooner when it has just begun", () => {
    expect(liveStep(3_100, false)).toEqual({ kind: "jump" });
    expect(liveStep(-3_100, false)).toEqual({ kind: "jump" });
    expect(liveStep(600, true)).toEqual({ kind: "jump" });
  });
});

describe("the delay of a camera's live tiles", () => {
  const mediaSegmentMs = 4_000;

  it("is known from the first media segment on: one more, and a little", () => {
    const delay = new LiveDelay();
    expect(delay.delayMs).toBeNull();
    delay.add({ atMs: 0, lateMs: 700, mediaSegmentMs });
    expect(delay.delayMs).toBe(4_950);
  });

  it("follows the slowest of the last seconds and forgets it", () => {
    const delay = new LiveDelay();
    delay.add({ atMs: 0, lateMs: 5_000, mediaSegmentMs });
    delay.add({ atMs: 100, lateMs: 1_000, mediaSegmentMs });
    expect(delay.delayMs).toBe(9_250);
    delay.add({ atMs: 25_000, lateMs: 1_000, mediaSegmentMs });
    expect(delay.delayMs).toBe(5_250);
  });
});

/**
 * A player that gets media segments of 4 s, each some time after it is complete, and does what it is told four times a
 * second.
 */
class ModelPlayer {
  shownMs: number;
  loadedMs = 0;
  #notedMs = 0;
  #rate = 1;
  #isStart = true;
  readonly #lateMs: (mediaSegment: number) => number;

  constructor(shownMs: number, lateMs: (mediaSegment: number) => number) {
    this.shownMs = shownMs;
    this.#lateMs = lateMs;
  }

  /** @returns whether it stood still for want of footage */
  run(nowMs: number, stepMs: number): boolean {
    const wanted = this.shownMs + stepMs * this.#rate;
    this.shownMs = Math.min(wanted, this.loadedMs);
    const next = this.loadedMs / 4_000 + 1;
    if (nowMs >= next * 4_000 + this.#lateMs(next)) this.loadedMs += 4_000;
    return wanted > this.loadedMs;
  }

  look(nowMs: number, delay: LiveDelay): void {
    if (this.loadedMs > this.#notedMs)
      delay.add({ atMs: nowMs, lateMs: nowMs - this.loadedMs, mediaSegmentMs: 4_000 });
    this.#notedMs = this.loadedMs;
    if (delay.delayMs === null || this.loadedMs === 0) return;
    const behindMs = nowMs - delay.delayMs - this.shownMs;
    const step = liveStep(behindMs, this.#isStart);
    this.#isStart = false;
    this.#rate = step.kind === "play" ? step.rate : 1;
    if (step.kind === "jump") this.shownMs = Math.min(this.shownMs + behindMs, this.loadedMs);
  }
}

it("three tiles of a camera show one picture, whenever they began and however late each one's footage comes", () => {
  const usual = fc.integer({ min: 200, max: 1_500 });
  const more = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 40, maxLength: 40 });
  const player = fc.record({ began: fc.integer({ min: 0, max: 12_000 }), usual, more });
  fc.assert(
    fc.property(fc.array(player, { minLength: 3, maxLength: 3 }), (drawn) => {
      const delay = new LiveDelay();
      const players = drawn.map(
        (each) => new ModelPlayer(each.began, (mediaSegment) => each.usual + each.more[mediaSegment % 40]!),
      );
      for (let nowMs = 0; nowMs < 120_000; nowMs += 50) {
        const stalls = players.map((each) => each.run(nowMs, 50));
        if (nowMs % 250 === 0) players.forEach((each) => each.look(nowMs, delay));
        if (nowMs < 45_000) continue;
        const shown = players.map(({ shownMs }) => shownMs);
        expect(stalls).not.toContain(true);
        expect(Math.max(...shown) - Math.min(...shown)).toBeLessThan(200);
        expect(nowMs - Math.min(...shown)).toBeLessThan(4_000 + 1_600 + 250 + 250 + 200);
      }
    }),
    { numRuns: 8 },
  );
});

it("a tile that stood still catches up with the others within seconds", () => {
  const delay = new LiveDelay();
  const players = [new ModelPlayer(0, () => 500), new ModelPlayer(0, () => 500)];
  for (let nowMs = 0; nowMs < 60_000; nowMs += 50) {
    // The second one's picture stands still from 30 s to 32 s, with its footage loaded.
    players.forEach((player, index) => {
      if (index === 0 || nowMs < 30_000 || nowMs > 32_000) player.run(nowMs, 50);
      else player.loadedMs = players[0]!.loadedMs;
    });
    if (nowMs % 250 === 0) players.forEach((player) => player.look(nowMs, delay));
  }
  expect(Math.abs(players[0]!.shownMs - players[1]!.shownMs)).toBeLessThan(100);
});
