import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withEndAt } from "./marked-by-key.ts";

const PRESENT = 10_000_000;
const drawn = { startUtcMs: 5_000_000, endUtcMs: 5_060_000 };

describe("an end put by a key", () => {
  it("leaves the other end where it was put", () => {
    expect(withEndAt(drawn, { side: "start", utcMs: 5_045_000, latestUtcMs: PRESENT })).toEqual({
      ...drawn,
      startUtcMs: 5_045_000,
    });
    expect(withEndAt(drawn, { side: "start", utcMs: 1_000_000, latestUtcMs: PRESENT })).toEqual({
      ...drawn,
      startUtcMs: 1_000_000,
    });
    expect(withEndAt(drawn, { side: "end", utcMs: 5_000_040, latestUtcMs: PRESENT })).toEqual({
      ...drawn,
      endUtcMs: 5_000_040,
    });
    expect(withEndAt(drawn, { side: "end", utcMs: 9_000_000, latestUtcMs: PRESENT })).toEqual({
      ...drawn,
      endUtcMs: 9_000_000,
    });
  });

  it("that passes the other begins another mark, of a minute", () => {
    expect(withEndAt(drawn, { side: "start", utcMs: 5_060_000, latestUtcMs: PRESENT })).toEqual({
      startUtcMs: 5_060_000,
      endUtcMs: 5_120_000,
    });
    expect(withEndAt(drawn, { side: "end", utcMs: 5_000_000, latestUtcMs: PRESENT })).toEqual({
      startUtcMs: 4_940_000,
      endUtcMs: 5_000_000,
    });
  });

  it("makes a mark of a minute where there was none, up to the present at most", () => {
    expect(withEndAt(null, { side: "end", utcMs: 5_000_000, latestUtcMs: PRESENT }).startUtcMs).toBe(
      4_940_000,
    );
    expect(withEndAt(null, { side: "start", utcMs: 5_000_000, latestUtcMs: PRESENT }).endUtcMs).toBe(
      5_060_000,
    );
    expect(withEndAt(null, { side: "start", utcMs: PRESENT - 200, latestUtcMs: PRESENT }).endUtcMs).toBe(
      PRESENT,
    );
  });

  it("never makes an empty mark, nor one of the future", () => {
    const instant = fc.integer({ min: PRESENT - 200_000, max: PRESENT + 1_000 });
    const marked = fc
      .tuple(fc.integer({ min: PRESENT - 200_000, max: PRESENT - 1 }), fc.integer({ min: 1, max: 200_000 }))
      .map(([startUtcMs, length]) => ({ startUtcMs, endUtcMs: Math.min(PRESENT, startUtcMs + length) }));
    const side = fc.constantFrom("start" as const, "end" as const);
    fc.assert(
      fc.property(fc.option(marked), side, instant, (before, which, utcMs) => {
        const { startUtcMs, endUtcMs } = withEndAt(before, { side: which, utcMs, latestUtcMs: PRESENT });
        expect(endUtcMs).toBeGreaterThan(startUtcMs);
        expect(endUtcMs).toBeLessThanOrEqual(PRESENT);
      }),
    );
  });
});
