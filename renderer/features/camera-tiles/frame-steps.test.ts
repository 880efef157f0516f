import { beforeEach, expect, it, vi } from "vitest";
import type { TimeRange } from "#shared/domain/time-range.ts";

let recorded: number[] | null = null;
const asked: TimeRange[] = [];

vi.mock("./archive-video/archive-source.ts", () => ({
  readFrameInstants: (_cameraId: string, range: TimeRange) => {
    asked.push(range);
    return Promise.resolve(recorded);
  },
}));
const { FrameSteps } = await import("./frame-steps.ts");

const USUAL_MS = 100;
const EVERYWHERE = (): boolean => true;

/** Frames that last as long as they like, a second and a half among those of twenty milliseconds. */
const UNEVEN = [0, 20, 40, 400, 1_900, 1_920, 1_960, 3_000].map((ms) => 1_790_000_000_000 + ms);

beforeEach(() => {
  recorded = UNEVEN;
  asked.length = 0;
});

it("each frame is gone to once, in both directions, however long the frames are", async () => {
  const steps = new FrameSteps("gate");
  await steps.load(UNEVEN[0]!);
  for (const direction of [1, -1] as const) {
    const frames = direction === 1 ? UNEVEN : UNEVEN.toReversed();
    let start = { utcMs: frames[0]!, isFrame: true };
    for (const [at, utcMs] of frames.slice(1).entries()) {
      const inside = steps.beside(start, direction, USUAL_MS, EVERYWHERE)!;
      expect(
        UNEVEN.findLast((each) => each <= inside),
        `step ${at}`,
      ).toBe(utcMs);
      start = { utcMs: inside, isFrame: false };
    }
  }
});

it("a frame on the screen is known by the instant that a playlist gives it, which is not exact", async () => {
  const steps = new FrameSteps("gate");
  await steps.load(UNEVEN[0]!);
  const onScreen = { utcMs: UNEVEN[3]! - 0.9, isFrame: true };
  expect(steps.beside(onScreen, 1, USUAL_MS, EVERYWHERE)).toBeGreaterThan(UNEVEN[4]!);
  expect(steps.beside(onScreen, 1, USUAL_MS, EVERYWHERE)).toBeLessThan(UNEVEN[5]!);
});

it("no step leads over missing footage, or to where frames are not known", async () => {
  const steps = new FrameSteps("gate");
  const last = { utcMs: UNEVEN[3]! + 10, isFrame: false };
  expect(steps.knows(last)).toBe(false);
  await steps.load(last.utcMs);
  expect(steps.knows(last)).toBe(true);
  expect(steps.beside(last, 1, USUAL_MS, (utcMs) => utcMs < UNEVEN[3]! + USUAL_MS)).toBeNull();
  expect(steps.beside({ utcMs: UNEVEN.at(-1)!, isFrame: true }, 1, USUAL_MS, EVERYWHERE)).toBeNull();
  expect(steps.knows({ utcMs: UNEVEN.at(-1)!, isFrame: true })).toBe(false);
  recorded = null;
  await steps.load(last.utcMs);
  expect([steps.knows(last), steps.beside(last, 1, USUAL_MS, EVERYWHERE)]).toEqual([false, null]);
});

it("several steps at once ask once", async () => {
  const steps = new FrameSteps("gate");
  await Promise.all([steps.load(UNEVEN[3]!), steps.load(UNEVEN[3]!)]);
  expect(asked).toHaveLength(1);
});
