import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Hole, Seam } from "./index-rows.ts";
import { shownPieces, type Recordings } from "./shown-pieces.ts";
import type { RecordedRow } from "./table-rows.ts";

/** The model counts in ticks; half a frame, under which a remainder shows nothing, is less than one. */
const TICK_US = 100_000;
const TICKS = 80;

function row(ordinal: number, number: number, start: number, end: number): RecordedRow {
  return {
    ...{ id: ordinal * 100 + number, sessionId: ordinal, sessionName: String(ordinal), number, ordinal },
    ...{ startUs: start * TICK_US, endUs: end * TICK_US, frameUs: TICK_US, arrivalUs: 0, sizeBytes: 1 },
    ...{ sequence: 0, discontinuity: 0 },
  };
}

const noSeam: Recordings = { seamOf: () => null, holesOf: () => [] };

interface Session {
  readonly start: number;
  /** Lengths of its footage files, and a pause before each. */
  readonly footageFiles: readonly (readonly [pause: number, length: number])[];
  /** Of each footage file a part without frames, in per cent. */
  readonly holes: readonly (readonly [from: number, to: number])[];
}

const sessions: fc.Arbitrary<Session[]> = fc.array(
  fc.record({
    start: fc.nat(40),
    footageFiles: fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 9 })), {
      minLength: 1,
      maxLength: 5,
    }),
    holes: fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { maxLength: 5 }),
  }),
  { maxLength: 5 },
);

function recorded(drawn: readonly Session[]) {
  const rows: RecordedRow[] = [];
  const holes = new Map<number, Hole[]>();
  for (const [place, { start, footageFiles, holes: wanted }] of drawn.entries()) {
    let at = start;
    for (const [number, [pause, length]] of footageFiles.entries()) {
      const added = row(place + 1, number, at + pause, at + pause + length);
      rows.push(added);
      const [from, to] = (wanted[number] ?? [0, 0])
        .map((tick) => Math.min(length, tick))
        .sort((a, b) => a - b);
      if (from !== undefined && to !== undefined && to > from && from > 0) {
        const startUs = added.startUs + from * TICK_US;
        holes.set(added.id, [{ startUs, endUs: added.startUs + to * TICK_US }]);
      }
      at += pause + length;
    }
  }
  rows.sort((a, b) => a.startUs - b.startUs);
  return { rows, recordings: { seamOf: () => null, holesOf: (id: number) => holes.get(id) ?? [] } };
}

/** The session that is shown in a tick, told by looking at all of them. */
function modelAt(rows: readonly RecordedRow[], recordings: Recordings, tick: number): number | null {
  const [startUs, endUs] = [tick * TICK_US, (tick + 1) * TICK_US];
  const holding = rows.filter((each) => {
    const isHole = recordings.holesOf(each.id).some((hole) => hole.startUs <= startUs && hole.endUs >= endUs);
    return each.startUs <= startUs && each.endUs >= endUs && !isHole;
  });
  return holding.length === 0 ? null : Math.max(...holding.map(({ ordinal }) => ordinal));
}

describe("what is shown where sessions overlap", () => {
  test("is the newest recording that has frames, at every instant, and none twice", () => {
    fc.assert(
      fc.property(sessions, (drawn) => {
        const { rows, recordings } = recorded(drawn);
        const pieces = shownPieces(rows, recordings);
        for (let tick = 0; tick < TICKS + 40; tick++) {
          const [startUs, endUs] = [tick * TICK_US, (tick + 1) * TICK_US];
          const shown = pieces.filter((piece) => piece.shownStartUs < endUs && piece.shownEndUs > startUs);
          const withFrames = shown.filter(
            ({ id }) =>
              !recordings.holesOf(id).some((hole) => hole.startUs <= startUs && hole.endUs >= endUs),
          );
          const expected = modelAt(rows, recordings, tick);
          expect(withFrames.map(({ ordinal }) => ordinal)).toEqual(expected === null ? [] : [expected]);
          expect(shown.length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("does not depend on how much of the time around is looked at", () => {
    fc.assert(
      fc.property(sessions, fc.nat(60), fc.integer({ min: 1, max: 9 }), (drawn, from, length) => {
        const { rows, recordings } = recorded(drawn);
        const [startUs, endUs] = [from * TICK_US, (from + length) * TICK_US];
        const touches = (piece: { shownStartUs: number; shownEndUs: number }) =>
          piece.shownStartUs < endUs && piece.shownEndUs > startUs;
        const near = rows.filter(
          (each) => each.startUs < endUs + 9 * TICK_US && each.endUs > startUs - 9 * TICK_US,
        );
        expect(shownPieces(near, recordings).filter(touches)).toEqual(
          shownPieces(rows, recordings).filter(touches),
        );
      }),
      { numRuns: 200 },
    );
  });

  test("is a footage file as it is where nothing overlaps", () => {
    const rows = [row(1, 0, 0, 4), row(1, 1, 4, 8)];
    expect(shownPieces(rows, noSeam).map((piece) => [piece.shownStartUs, piece.toUs])).toEqual([
      [0, 4 * TICK_US],
      [4 * TICK_US, 8 * TICK_US],
    ]);
  });
});

describe("a seam", () => {
  const seam: Seam = { session: "1", number: 1, atUs: 60 * TICK_US, fromUs: 0 };
  const at = (startUs: number, endUs: number): Recordings => ({
    holesOf: () => [],
    seamOf: (name) => (name === "1" ? { seam, startUs, endUs } : null),
  });
  const old = [row(1, 0, 0, 40), row(1, 1, 40, 80)];

  test.each([57, 63])(
    "draws what was recorded before it to the start of the next session, at %d",
    (start) => {
      const next = row(2, 0, start, start + 40);
      const pieces = shownPieces(
        [...old, next].sort((a, b) => a.startUs - b.startUs),
        at(next.startUs, next.endUs),
      );
      expect(pieces.map((piece) => [piece.ordinal, piece.shownStartUs, piece.shownEndUs])).toEqual([
        [1, 0, ((40 * start) / 60) * TICK_US],
        [1, ((40 * start) / 60) * TICK_US, next.startUs],
        [2, next.startUs, next.endUs],
      ]);
      expect(pieces[1]).toMatchObject({ fromUs: 40 * TICK_US, toUs: 60 * TICK_US });
    },
  );

  test("shows what the next session lost of what both had", () => {
    const next = row(2, 0, 57, 67);
    const pieces = shownPieces([...old, next], at(next.startUs, next.endUs));
    expect(pieces.at(-1)).toMatchObject({ ordinal: 1, shownStartUs: 67 * TICK_US, shownEndUs: 77 * TICK_US });
    expect(pieces.at(-1)).toMatchObject({ fromUs: 70 * TICK_US, toUs: 80 * TICK_US });
  });
});
