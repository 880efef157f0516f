import { expect, test } from "vitest";
import { chance } from "./chance.ts";
import { simulate, type Task } from "./queueing.ts";

const one = (arrivesS: number, takesS: number): Task => ({
  ...{ kind: "one", arrivesS, steps: [{ station: "desk", takesS }] },
});

test("who comes while somebody is served waits until he is done", () => {
  const { done, longestLine } = simulate([{ name: "desk", servers: 1 }], [one(0, 2), one(1, 2), one(1, 2)]);
  expect(done.map(({ endedS, waitedS }) => [endedS, waitedS])).toEqual([
    [2, 0],
    [4, 1],
    [6, 3],
  ]);
  expect(longestLine["desk"]).toBe(2);
});

test("two servers serve two at a time, and stations are passed in their order", () => {
  const both = {
    kind: "both",
    arrivesS: 0,
    steps: ["first", "second"].map((station) => ({ station, takesS: 1 })),
  };
  const stations = [
    { name: "first", servers: 2 },
    { name: "second", servers: 1 },
  ];
  const { done, busy } = simulate(stations, [both, both]);
  expect(done.map(({ endedS }) => endedS)).toEqual([2, 3]);
  expect(busy["first"]).toBeCloseTo(2 / 6);
  expect(busy["second"]).toBeCloseTo(2 / 3);
});

test("what an outage interrupts begins anew behind it", () => {
  const desk = { name: "desk", servers: 1, outages: [{ fromS: 1, untilS: 10 }] };
  expect(simulate([desk], [one(0, 2), one(20, 1)]).done.map(({ endedS }) => endedS)).toEqual([12, 21]);
});

test("a task of an unknown station is refused", () => {
  expect(() => simulate([], [one(0, 1)])).toThrow("There is no station desk.");
});

test("many who come by chance wait as the theory of one line says (Pollaczek and Khinchine)", () => {
  const random = chance(2_026);
  const [rate, takesS] = [0.8, 1];
  let atS = 0;
  const tasks = Array.from({ length: 60_000 }, () => one((atS += random.gap(rate)), random.gap(1 / takesS)));
  const { done, busy } = simulate([{ name: "desk", servers: 1 }], tasks);
  const waitedS = done.reduce((sum, each) => sum + each.waitedS, 0) / done.length;
  // Of exponential gaps and times: load by (1 - load), times what one takes.
  expect(waitedS).toBeGreaterThan(4 * 0.9);
  expect(waitedS).toBeLessThan(4 * 1.1);
  expect(busy["desk"]).toBeCloseTo(0.8, 1);
});
