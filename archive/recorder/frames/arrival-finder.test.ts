import { expect, test } from "vitest";
import { ArrivalFinder } from "./arrival-finder.ts";

/** Arrivals as found when each frame is given out while the one `lag` later arrives. */
function found(lag: number, arrivalsUs: readonly number[], rate: number, isEnded: boolean): number[] {
  const list: number[] = [];
  const finder = new ArrivalFinder<number>(
    lag,
    (times) => times,
    ({ arrivalUs }) => void list.push(arrivalUs),
  );
  finder.headUs = arrivalsUs[1] ?? null;
  const stepUs = (arrivalsUs[1] ?? 0) - (arrivalsUs[0] ?? 0);
  arrivalsUs.slice(lag).forEach((us, at) => finder.push(at * stepUs * rate, us));
  if (isEnded) finder.end();
  return list;
}

test.each([1, 0.5, 2])("every arrival is found, the first ones backwards, at a rate of %d", (rate) => {
  const arrivalsUs = [1, 2, 3, 4, 5, 6].map((at) => at * 100_000);
  expect(found(2, arrivalsUs, rate, false)).toEqual(arrivalsUs.slice(0, 4));
});

test("what ended before enough frames came is dated by what there is", () => {
  expect(found(2, [100_000, 200_000, 300_000], 1, true)).toEqual([300_000]);
});

test.each([
  ["jumps by an hour between the first two", [0, 3_600_000_000, 3_600_000_011]],
  ["stands still", [5_000_000, 5_000_011, 5_000_022]],
])("no sample came before the first packet of all, where the camera's clock %s", (_, timesUs) => {
  const list: number[] = [];
  const finder = new ArrivalFinder<number>(
    2,
    (times) => times,
    ({ arrivalUs }) => void list.push(arrivalUs),
  );
  [finder.headUs, finder.firstUs] = [200_000, 100_000];
  timesUs.forEach((timeUs, at) => finder.push(timeUs, (at + 3) * 100_000));
  expect(list[0]).toBe(100_000);
  expect(Math.abs((list[1] ?? 0) - 200_000)).toBeLessThanOrEqual(100_000);
  expect(list[2]).toBe(300_000);
});
