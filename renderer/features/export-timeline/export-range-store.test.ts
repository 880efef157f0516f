import { afterEach, expect, it } from "vitest";
import {
  clearAllRanges,
  exportRangeInSight,
  exportRangeOf,
  setExportRange,
  tellShownTimes,
} from "./export-range-store.ts";

const RANGE = { startUtcMs: 5_000, endUtcMs: 8_000 };

afterEach(() => {
  clearAllRanges();
  tellShownTimes(0, null);
});

it("what is marked is offered while any of it is in sight, and is still marked when it is not", () => {
  setExportRange(0, "gate", RANGE);
  expect(exportRangeInSight(0, "gate")).toBeNull();
  tellShownTimes(0, { startUtcMs: 0, endUtcMs: 10_000 });
  expect(exportRangeInSight(0, "gate")).toEqual(RANGE);
  tellShownTimes(0, { startUtcMs: 7_999, endUtcMs: 9_000 });
  expect(exportRangeInSight(0, "gate")).toEqual(RANGE);
  for (const startUtcMs of [3_000, 8_000]) {
    tellShownTimes(0, { startUtcMs, endUtcMs: startUtcMs + 2_000 });
    expect(exportRangeInSight(0, "gate")).toBeNull();
  }
  expect(exportRangeOf(0, "gate")).toEqual(RANGE);
  expect(exportRangeInSight(0, "yard")).toBeNull();
});
