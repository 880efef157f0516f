import { expect, test } from "vitest";
import { type MemorySample, type Part, PARTS, slopeMBAnHour } from "./memory-slope.ts";

const of = (atMinutes: number, mainMB: number): MemorySample => ({
  atMs: atMinutes * 60_000,
  residentMB: Object.fromEntries(PARTS.map((part) => [part, part === "main" ? mainMB : 7])) as Record<
    Part,
    number
  >,
});

test("the slope of memory that grows by 2 MB in ten minutes is 12 MB an hour, whatever it wavers by", () => {
  const grows = [of(0, 101), of(10, 101), of(20, 105), of(30, 105)].map((sample, index) =>
    of(sample.atMs / 60_000, 100 + index * 2 + (index % 2 === 0 ? 1 : -1)),
  );
  expect(slopeMBAnHour([of(0, 100), of(10, 102), of(20, 104)], "main")).toBeCloseTo(12, 6);
  expect(slopeMBAnHour(grows, "main")).toBeGreaterThan(0);
  expect(slopeMBAnHour(grows, "page")).toBe(0);
  expect(slopeMBAnHour([of(5, 100)], "main")).toBe(0);
});
