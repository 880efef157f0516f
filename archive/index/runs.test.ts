import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { footageWithin, joinStretches } from "./runs.ts";

const frameUs = 40_000;
const stretch = (startUs: number, endUs: number) => ({ startUs, endUs, frameUs });

describe("runs", () => {
  test("a hole of one frame continues a run, a larger one begins another", () => {
    const runs = joinStretches([
      stretch(0, 1_000_000),
      stretch(1_040_000, 2_000_000),
      stretch(2_040_001, 3_000_000),
    ]);
    expect(runs.map((run) => [run.startUs, run.endUs])).toEqual([
      [0, 2_000_000],
      [2_040_001, 3_000_000],
    ]);
  });

  test("overlapping stretches become one", () => {
    expect(joinStretches([stretch(0, 5_000_000), stretch(1_000_000, 2_000_000)])).toEqual([
      stretch(0, 5_000_000),
    ]);
  });

  test("runs and gaps fill the asked range exactly, in order", () => {
    const stretches = fc.array(fc.tuple(fc.nat(60_000_000), fc.integer({ min: 1, max: 9_000_000 })));
    fc.assert(
      fc.property(
        stretches,
        fc.nat(60_000),
        fc.integer({ min: 1, max: 60_000 }),
        (pieces, startUtcMs, lengthMs) => {
          const ordered = pieces
            .map(([start, length]) => stretch(start, start + length))
            .sort((a, b) => a.startUs - b.startUs);
          const range = { startUtcMs, endUtcMs: startUtcMs + lengthMs };
          const { runs, gaps } = footageWithin(range, ordered);
          const all = [...runs, ...gaps].sort((a, b) => a.startUtcMs - b.startUtcMs);
          expect(all[0]?.startUtcMs).toBe(range.startUtcMs);
          expect(all.at(-1)?.endUtcMs).toBe(range.endUtcMs);
          all.slice(1).forEach((piece, at) => expect(piece.startUtcMs).toBe(all[at]?.endUtcMs));
        },
      ),
    );
  });
});
