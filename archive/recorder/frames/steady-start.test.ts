import { expect, test } from "vitest";
import { SteadyStart } from "./steady-start.ts";

const FRAME_US = 100_000;

/** Arrivals that are passed on of frames that were sent every 0.1 s, and came later by what is told. */
function started(rate: number, lateUs: (at: number) => number, frames = 20): number[] {
  const passed: number[] = [];
  const start = new SteadyStart<number>(
    (times) => times,
    ({ arrivalUs }) => void passed.push(arrivalUs),
    () => undefined,
  );
  let arrivalUs = 0;
  for (let at = 0; at < frames; at++) {
    arrivalUs = Math.max(arrivalUs, at * FRAME_US + lateUs(at));
    start.push({ sample: at * FRAME_US * rate, arrivalUs, laterArrivalsUs: [] });
  }
  start.end();
  return passed;
}

test.each([0.5, 0.84, 1, 1.2, 2])(
  "frames that come as they are sent stay where they are, at a rate of %d",
  (rate) => {
    started(rate, () => 0).forEach((us, at) => expect(Math.abs(us - at * FRAME_US)).toBeLessThan(1));
  },
);

test("a camera that runs at half the rate is known by it before its first frame is dated", () => {
  const paces: number[] = [];
  const start = new SteadyStart<number>(
    (times) => times,
    () => undefined,
    (pace) => void paces.push(pace),
  );
  for (let at = 0; at < 10; at++)
    start.push({ sample: (at * FRAME_US) / 2, arrivalUs: at * FRAME_US, laterArrivalsUs: [] });
  expect(paces).toEqual([2]);
});

test("a machine that was busy at the start does not make the first frames late", () => {
  const arrivals = started(1, (at) => (at < 4 ? 450_000 : 0));
  arrivals.forEach((us, at) => expect(Math.abs(us - at * FRAME_US)).toBeLessThan(1));
});

test("a camera that sends a frame in ten seconds is not waited for", () => {
  const passed: number[] = [];
  const start = new SteadyStart<number>(
    (times) => times,
    ({ arrivalUs }) => void passed.push(arrivalUs),
    () => undefined,
  );
  for (const at of [0, 1]) start.push({ sample: at * 1e7, arrivalUs: at * 1e7, laterArrivalsUs: [] });
  expect(passed).toEqual([0, 1e7]);
});

/** Arrivals of frames with these stamps that came every 0.1 s, and the pace that was told. */
function stampedAs(stampUs: (at: number) => number): { arrivals: number[]; pace: number } {
  const arrivals: number[] = [];
  let told = 0;
  const start = new SteadyStart<number>(
    (times) => times,
    ({ arrivalUs }) => void arrivals.push(arrivalUs),
    (pace) => (told = pace),
  );
  for (let at = 0; at < 20; at++)
    start.push({ sample: stampUs(at), arrivalUs: at * FRAME_US, laterArrivalsUs: [] });
  return { arrivals, pace: told };
}

test.each([
  ["are all the same", () => 5_000_000],
  ["are those of two frames each", (at: number) => Math.floor(at / 2) * 2 * FRAME_US],
])("frames stay where they came, and the pace as it is, where stamps %s", (_, stampUs) => {
  const { arrivals, pace } = stampedAs(stampUs);
  expect(pace).toBe(1);
  arrivals.forEach((us, at) => expect(us).toBe(at * FRAME_US));
});
