import fc from "fast-check";
import { expect, test } from "vitest";
import { boundsOn, type Bounds, type Monitor, monitorOf } from "./window-place.ts";

const TASK_BAR = 40;
const monitorAt = (id: number, x: number, y = 0, width = 1920, height = 1080): Monitor => ({
  id,
  bounds: { x, y, width, height },
  workArea: { x, y, width, height: height - TASK_BAR },
});
const [left, right] = [monitorAt(1, 0), monitorAt(2, 1920)];
const at = (x: number, y: number, width = 800, height = 600): Bounds => ({ x, y, width, height });
const on = ({ id, bounds }: Monitor, window: Bounds) => ({ bounds: window, monitor: { id, bounds } });

test("with the monitors as they were, a window stands where it stood", () => {
  expect(boundsOn(on(right, at(2000, 100)), [left, right])).toEqual(at(2000, 100));
});

test("a window of a monitor that is gone comes onto one that is there, as large as it was", () => {
  expect(boundsOn(on(right, at(2000, 100)), [left])).toEqual(at(1120, 100));
});

test("a window goes along with its monitor, wherever that stands now among the others", () => {
  const swapped = [monitorAt(2, 0), monitorAt(1, 1920)];
  expect(boundsOn(on(right, at(2000, 100)), swapped)).toEqual(at(80, 100));
});

test("a monitor with fewer pixels takes the window smaller, and the task bar stays free", () => {
  const small = monitorAt(2, 1920, 0, 1024, 768);
  expect(boundsOn(on(right, at(1920, 0, 1920, 1080)), [left, small])).toEqual(
    at(1920, 0, 1024, 768 - TASK_BAR),
  );
});

test("of monitors that are all others, the one that has most of the place takes the window", () => {
  const others = [monitorAt(7, 0), monitorAt(8, 1920)];
  expect(boundsOn(on(right, at(1800, 600, 800, 600)), others)).toEqual(at(1920, 440));
});

test("a window over two monitors stays over both", () => {
  expect(boundsOn(on(left, at(960, 100, 1920, 800)), [left, right])).toEqual(at(960, 100, 1920, 800));
});

test("a window that hangs over the edge comes in as a whole", () => {
  expect(boundsOn(on(left, at(-300, 900)), [left])).toEqual(at(0, 440));
});

test.each([
  [-500, 0],
  [0, 900],
  [1, 1],
])("a window that is remembered as %i by %i can be used all the same", (width, height) => {
  for (const place of [at(100, 100, width, height), at(5000, 100, width, height)]) {
    const { width: shownWidth, height: shownHeight } = boundsOn(on(right, place), [left, right]);
    expect(shownWidth).toBeGreaterThanOrEqual(640);
    expect(shownHeight).toBeGreaterThanOrEqual(480);
  }
});

test("where no monitor is told, nothing is changed", () => {
  expect(boundsOn(on(left, at(10, 10)), [])).toEqual(at(10, 10));
});

test("whatever was remembered and whatever monitors there are, every corner is on one of them", () => {
  const whole = (min: number, max: number) => fc.integer({ min, max });
  const windows = fc.record({
    ...{ x: whole(-9000, 9000), y: whole(-9000, 9000) },
    ...{ width: whole(1, 6000), height: whole(1, 4000) },
  });
  const monitors = fc.array(
    fc
      .tuple(whole(1, 4), whole(-4000, 4000), whole(-4000, 4000), whole(320, 4000), whole(240, 3000))
      .map((values) => monitorAt(...values)),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(windows, monitors, fc.constantFrom(left, right), (window, there, monitor) => {
      const { x, y, width, height } = boundsOn(on(monitor, window), there);
      for (const corner of [at(x, y, 1, 1), at(x + width - 1, y + height - 1, 1, 1)])
        expect(monitorOf(corner, there)).toBeDefined();
      expect(width).toBeLessThanOrEqual(Math.max(window.width, 640));
      expect(height).toBeLessThanOrEqual(Math.max(window.height, 480));
    }),
  );
});
