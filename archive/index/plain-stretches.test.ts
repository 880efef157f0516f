import fc from "fast-check";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { footageIndex } from "./footage-index.ts";
import { openIndex, type IndexDatabase } from "./open-index.ts";
import { packSamples } from "./sample-table.ts";

const SECOND_US = 1_000_000;
const FRAME_US = 100_000;
const samples = packSamples({ firstDecodeTicks: 0, samples: [] });
const whole = { startUtcMs: 0, endUtcMs: 1_000_000 };

let dir: string;
let database: IndexDatabase;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-plain-"));
  database = openIndex(dir);
});

afterEach(async () => {
  database.close();
  await rm(dir, { recursive: true, force: true });
});

/** Sessions one behind the other, or over each other where the pause is less than nothing; some hand over at a frame. */
const sessions = fc.array(
  fc.record({
    pauseUs: fc.integer({ min: -3 * SECOND_US, max: 5 * SECOND_US }),
    lengths: fc.array(fc.integer({ min: FRAME_US, max: 6 * SECOND_US }), { minLength: 1, maxLength: 6 }),
    hasSeam: fc.boolean(),
    holeIn: fc.option(fc.nat(5), { nil: null, freq: 6 }),
  }),
  { minLength: 1, maxLength: 5 },
);

const ranges = fc.tuple(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 1, max: 60_000 }));

test("plain footage is told as laying session over session tells it", () => {
  fc.assert(
    fc.property(sessions, ranges, (drawn, [startUtcMs, lengthMs]) => {
      for (const table of ["holes", "segments", "sessions"]) database.exec(`DELETE FROM ${table}`);
      const index = footageIndex(database);
      let atUs = 10 * SECOND_US;
      for (const [place, { pauseUs, lengths, hasSeam, holeIn }] of drawn.entries()) {
        atUs = Math.max(0, atUs + pauseUs);
        const clock = { startUs: atUs, baseTime: 0, timeScale: 90_000 };
        const picture = { codec: "avc1", width: 2, height: 2 };
        const name = String(place).padStart(13, "0");
        const row = index.addSession({ cameraId: "door", name, ...clock, ...picture });
        for (const [number, lengthUs] of lengths.entries()) {
          const [startUs, endUs] = [atUs, atUs + lengthUs];
          const hole = { startUs: startUs + 10_000, endUs: startUs + 20_000 };
          const holes = holeIn === number ? [hole] : [];
          const times = { startUs, endUs, arrivalUs: endUs, frameUs: FRAME_US };
          index.addFootageFile(row, { number, ...times, sizeBytes: 1, samples, holes });
          atUs = endUs;
        }
        if (hasSeam && place > 0)
          database
            .prepare(
              "UPDATE sessions SET seam_session = ?, seam_number = 0, seam_us = ?, seam_from_us = ? WHERE name = ?",
            )
            .run(String(place - 1).padStart(13, "0"), clock.startUs, clock.startUs - SECOND_US, name);
      }
      const range = { startUtcMs, endUtcMs: startUtcMs + lengthMs };
      const shown = index.footageFiles({ cameraId: "door", range });
      const holed = Number(database.prepare("SELECT count(*) FROM holes").pluck().get()) > 0;
      const told = index.stretches({ cameraId: "door", range });
      if (!holed)
        expect(told).toEqual(
          shown.map(({ shownStartUs, shownEndUs, frameUs }) => ({
            startUs: shownStartUs,
            endUs: shownEndUs,
            frameUs,
          })),
        );
      // The whole range, too, so that what lies just outside of it is looked at as well.
      else
        expect(index.stretches({ cameraId: "door", range: whole }).length).toBeGreaterThanOrEqual(
          told.length,
        );
    }),
    { numRuns: 300 },
  );
});
