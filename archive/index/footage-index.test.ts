import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { footageIndex, type FootageIndex } from "./footage-index.ts";
import type { SessionRow } from "./index-rows.ts";
import { openIndex, type IndexDatabase } from "./open-index.ts";
import { packSamples } from "./sample-table.ts";

const SECOND_US = 1_000_000;
const samples = packSamples({ firstDecodeTicks: 0, samples: [] });

let dir: string;
let database: IndexDatabase;
let index: FootageIndex;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-index-"));
  database = openIndex(dir);
  index = footageIndex(database);
});

afterEach(async () => {
  database.close();
  await rm(dir, { recursive: true, force: true });
});

function session(name: number, startSecond: number): SessionRow {
  return index.addSession({
    ...{
      cameraId: "door",
      name: String(name).padStart(13, "0"),
      startUs: startSecond * SECOND_US,
      baseTime: 0,
    },
    ...{ timeScale: 1000, codec: "avc1", width: 2, height: 2 },
  });
}

function add(row: SessionRow, number: number, startSecond: number, endSecond: number): void {
  const [startUs, endUs] = [startSecond * SECOND_US, endSecond * SECOND_US];
  index.addFootageFile(row, {
    number,
    startUs,
    endUs,
    arrivalUs: endUs,
    frameUs: 100_000,
    sizeBytes: 1,
    samples,
    holes: [],
  });
}

describe("a session that takes over from another", () => {
  const shownSeconds = (range = { startUtcMs: 0, endUtcMs: 1_000_000 }) =>
    index
      .footageFiles({ cameraId: "door", range })
      .map((row) => [Number(row.sessionName), row.shownStartUs / SECOND_US, row.shownEndUs / SECOND_US]);

  test("shows each instant once, and the live numbering has no hole", () => {
    const old = session(1, 0);
    add(old, 0, 0, 4);
    add(old, 1, 4, 8);
    const next = session(2, 6);
    add(next, 0, 6, 10);
    add(old, 2, 8, 9);
    add(next, 1, 10, 14);
    expect(shownSeconds()).toEqual([
      [1, 0, 4],
      [1, 4, 6],
      [2, 6, 10],
      [2, 10, 14],
    ]);
    const rows = index.newestFootageFiles("door", 6);
    expect(rows.map((row) => row.sequence)).toEqual([0, 1, 2, 3, 4]);
    expect(rows.map((row) => row.discontinuity)).toEqual([0, 0, 1, 2, 3]);
  });

  test("begun by a clock that was set back hides only what it has frames for itself, and is what is live", () => {
    const old = session(9, 100);
    for (let number = 0; number < 4; number++) add(old, number, 100 + number * 4, 104 + number * 4);
    const next = session(5, 98);
    add(next, 0, 98, 102);
    expect(shownSeconds()).toEqual([
      [5, 98, 102],
      [9, 102, 104],
      [9, 104, 108],
      [9, 108, 112],
      [9, 112, 116],
    ]);
    add(next, 1, 105, 106);
    expect(shownSeconds().slice(1, 5)).toEqual([
      [9, 102, 104],
      [9, 104, 105],
      [5, 105, 106],
      [9, 106, 108],
    ]);
    expect(index.newestFootageFiles("door", 1)[0]).toMatchObject({ startUs: 105 * SECOND_US });
    expect(index.extent("door")?.endUs).toBe(106 * SECOND_US);
  });

  test("leaves both recordings in reach, and says where they overlap", () => {
    add(session(9, 100), 0, 100, 104);
    add(session(5, 98), 0, 98, 102);
    const names = { shown: "0000000000005", hidden: "0000000000009" };
    const range = { startUtcMs: 0, endUtcMs: 1_000_000 };
    expect(index.overlaps({ cameraId: "door", range })).toEqual([
      { startUs: 100 * SECOND_US, endUs: 102 * SECOND_US, ...names },
    ]);
    const hidden = index.footageFiles({ cameraId: "door", range, recording: names.hidden });
    expect(hidden.map((row) => [row.shownStartUs, row.shownEndUs])).toEqual([
      [100 * SECOND_US, 104 * SECOND_US],
    ]);
    expect(index.overlaps({ cameraId: "door", range: { startUtcMs: 102_000, endUtcMs: 103_000 } })).toEqual(
      [],
    );
  });

  test("is found by a range that only touches what it shows", () => {
    add(session(1, 0), 0, 0, 8);
    add(session(2, 6), 0, 6, 10);
    const found = index.footageFiles({ cameraId: "door", range: { startUtcMs: 7_000, endUtcMs: 7_001 } });
    expect(found.map((row) => Number(row.sessionName))).toEqual([2]);
  });
});

test("the same footage file added twice is held once", () => {
  const row = session(1, 0);
  add(row, 0, 0, 4);
  add(row, 0, 0, 4);
  expect(index.newestFootageFiles("door", 6)).toHaveLength(1);
});
