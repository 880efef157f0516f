import { expect, test } from "vitest";
import { clocksDiffer } from "./clock-difference.ts";

test("clocks differ by what cannot be the measurement", () => {
  expect(clocksDiffer({ offsetMs: 2_400, uncertaintyMs: 500 })).toBe(false);
  expect(clocksDiffer({ offsetMs: -2_600, uncertaintyMs: 500 })).toBe(true);
  expect(clocksDiffer({ offsetMs: 20_000, uncertaintyMs: 19_000 })).toBe(false);
});
