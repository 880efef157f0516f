import fc from "fast-check";
import { expect, test } from "vitest";
import { DAY_MS, goesAtUtcMs } from "./rule.ts";

const days = fc.option(fc.integer({ min: 0, max: 4 }), { nil: null });
const instant = fc.integer({ min: 0, max: 6 }).map((day) => day * DAY_MS);
const cases = fc.array(
  fc.record({
    closedUtcMs: fc.option(instant, { nil: null }),
    retentionDays: days,
    isProtected: fc.boolean(),
  }),
  { maxLength: 3 },
);
const evidence = fc.record({ recordedUntilUtcMs: instant, isProtected: fc.boolean(), cases });

/** Told the other way round: on a day it is kept if anything keeps it then. */
function isKeptOn(
  day: number,
  kept: typeof evidence extends fc.Arbitrary<infer T> ? T : never,
  loose: number | null,
) {
  if (kept.isProtected) return true;
  for (const one of kept.cases) {
    if (one.isProtected || one.closedUtcMs === null || one.retentionDays === null) return true;
    if (day < one.closedUtcMs / DAY_MS + one.retentionDays) return true;
  }
  if (kept.cases.length > 0) return false;
  return loose === null || day < kept.recordedUntilUtcMs / DAY_MS + loose;
}

test("evidence goes on the first day on which nothing keeps it, and never where something always does", () => {
  fc.assert(
    fc.property(evidence, days, (kept, loose) => {
      const calendar = Array.from({ length: 12 }, (_, day) => day);
      const first = calendar.find((day) => !isKeptOn(day, kept, loose)) ?? null;
      expect(goesAtUtcMs(kept, loose)).toBe(first === null ? null : first * DAY_MS);
    }),
    { numRuns: 500 },
  );
});
