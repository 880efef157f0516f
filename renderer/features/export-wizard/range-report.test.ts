import { expect, test, vi } from "vitest";

vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => {}, removeItem: () => {} });
const { newDraft } = await import("./export-draft.ts");
const { largestPart } = await import("./range-report.tsx");

const HOUR_MS = 3_600_000;
const ZERO = Date.UTC(2026, 10, 20);

const PLAN = {
  ...{ frameCount: 1, firstFrameUtcMs: ZERO, endUtcMs: ZERO, preRollFrameCount: 0 },
  ...{ gaps: [], overlaps: [], leftOut: null },
};

const rowOf = (id: string, hours: number) => {
  const range = { startUtcMs: ZERO, endUtcMs: ZERO + hours * HOUR_MS };
  const camera = { id, name: `Camera ${id}` };
  const [row] = newDraft("r", {
    camera,
    offered: { kind: "now", ...range, atUtcMs: range.endUtcMs },
    startedBy: "o",
  }).rows;
  if (row === undefined) throw new Error("A draft has a row.");
  return row;
};
const reportOf = (row: ReturnType<typeof rowOf>, lengthBytes: number | null) => {
  const range = { startUtcMs: row.startUtcMs ?? 0, endUtcMs: row.endUtcMs ?? 0 };
  const plan = lengthBytes === null ? null : { ...PLAN, cameraId: row.cameraId, lengthBytes };
  return [row.cameraId, { range, footage: null, plan, failure: null }] as const;
};

test("the largest part is of the camera whose hours are largest, not of the one that sends most", () => {
  const [long, dense] = [rowOf("long", 10), rowOf("dense", 1)];
  const reports = new Map([reportOf(long, 10_000), reportOf(dense, 3_001)]);
  expect(largestPart(reports, [long, dense])).toEqual({ cameraName: "Camera dense", bytes: 3_001 });
});

test("a part is an hour at most, and of what is left over one is at least the mean", () => {
  const row = rowOf("long", 2.5);
  expect(largestPart(new Map([reportOf(row, 100)]), [row])).toEqual({ cameraName: "Camera long", bytes: 34 });
});

test("nothing is said of a plan that is not there, or that is about a range that the row has no longer", () => {
  const row = rowOf("one", 1);
  expect(largestPart(new Map(), [row])).toBeNull();
  expect(largestPart(new Map([reportOf(row, null)]), [row])).toBeNull();
  const other = rowOf("one", 2);
  expect(largestPart(new Map([reportOf(row, 100)]), [other])).toBeNull();
});
