import fc from "fast-check";
import { expect, test } from "vitest";
import { timeTicks } from "./time-ticks.ts";

const start = Date.parse("2026-11-23T14:00:07.300Z");

test("ticks stand at round local times", () => {
  const { stepMs, instantsUtcMs } = timeTicks({ startUtcMs: start, endUtcMs: start + 90_000 }, 0, 10);
  expect(stepMs).toBe(10_000);
  expect(instantsUtcMs[0]).toBe(Date.parse("2026-11-23T14:00:10Z"));
  const india = timeTicks({ startUtcMs: start, endUtcMs: start + 10 * 3_600_000 }, 5.5 * 3_600_000, 10);
  expect(new Date(india.instantsUtcMs[0] ?? 0).toISOString()).toBe("2026-11-23T14:30:00.000Z");
});

test("there are never more ticks than there is room for, and none outside", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 86_400_000 }), fc.integer({ min: 4, max: 20 }), (spanMs, most) => {
      const { instantsUtcMs } = timeTicks({ startUtcMs: start, endUtcMs: start + spanMs }, 0, most);
      expect(instantsUtcMs.length).toBeLessThanOrEqual(most + 1);
      expect(instantsUtcMs.every((tick) => tick >= start && tick <= start + spanMs)).toBe(true);
    }),
  );
});
