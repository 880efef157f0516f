import { expect, test } from "vitest";
import { HOUR_MS, MINUTE_MS } from "#shared/domain/time-range.ts";
import { mayStillChange } from "./range-report.tsx";

const NOW = 1_000 * HOUR_MS;
const range = { startUtcMs: NOW - 10 * HOUR_MS, endUtcMs: NOW - 9 * HOUR_MS };
const holding = { oldestUtcMs: NOW - 500 * HOUR_MS, newestUtcMs: NOW };

test("a range is asked about again where footage comes or goes in it while the wizard is open", () => {
  const changes = (oldestUtcMs: number, keptMs: number | null, asked = range) =>
    mayStillChange(asked, { holding: { ...holding, oldestUtcMs }, keptMs, nowUtcMs: NOW });
  expect(changes(holding.oldestUtcMs, null)).toBe(false);
  expect(changes(range.startUtcMs - 30_000, null)).toBe(true);
  expect(changes(holding.oldestUtcMs, null, { ...range, endUtcMs: NOW - 30_000 })).toBe(true);
  // The oldest is held by an export; what is asked for is about to go.
  expect(changes(holding.oldestUtcMs, 11 * HOUR_MS)).toBe(false);
  expect(changes(holding.oldestUtcMs, 10 * HOUR_MS + MINUTE_MS / 2)).toBe(true);
  expect(mayStillChange(range, { holding: null, keptMs: null, nowUtcMs: NOW })).toBe(true);
});
