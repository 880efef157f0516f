import fc from "fast-check";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { footageAnswerSchema } from "#shared/archive-api/archive-api.ts";
import { footageIndex } from "../index/footage-index.ts";
import { footageLocks } from "../index/footage-locks.ts";
import { openIndex } from "../index/open-index.ts";
import { packSamples } from "../index/sample-table.ts";
import { ask, startProgram } from "../testing/archive-program.ts";
import { makeLoopClip } from "../testing/loop-clip-for-tests.ts";
import { SpaceWatch } from "./space-watch.ts";
import { archiveSettingsSchema, removeOldFootage } from "./retention.ts";

const LONG = { timeout: 25_000, interval: 100 };
const CAMERAS = ["door", "gate"];
const samples = packSamples({ firstDecodeTicks: 0, samples: [] });

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-locked-"));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

/** Seconds. */
const instant = fc.integer({ min: 0, max: 600 });
const camera = fc.constantFrom(...CAMERAS);
const footage = fc.array(
  fc.record({
    camera,
    start: instant,
    lengths: fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 12 }),
  }),
  { maxLength: 8 },
);
const locks = fc.array(fc.record({ camera, start: instant, length: fc.integer({ min: 1, max: 90 }) }), {
  maxLength: 5,
});

interface Piece {
  readonly cameraId: string;
  readonly startUs: number;
  readonly endUs: number;
}

describe("retention, for random footage, locks and clocks", () => {
  test("never removes a footage file that a lock touches, removes all other old ones, and frees after unlocking", async () => {
    const database = openIndex(dir);
    const index = footageIndex(database);
    const keeper = footageLocks(database);
    const held = database.prepare<[], Piece>(
      "SELECT camera_id AS cameraId, start_us AS startUs, end_us AS endUs FROM segments ORDER BY id",
    );
    const property = fc.asyncProperty(
      footage,
      locks,
      instant,
      fc.boolean(),
      async (sessions, locked, now, isFull) => {
        index.forgetFootage();
        database.exec("DELETE FROM locks");
        sessions.forEach(({ camera: cameraId, start, lengths }, name) =>
          addSession(index, cameraId, name, start, lengths),
        );
        locked.forEach(({ camera: cameraId, start, length }, id) =>
          keeper.put(String(id), { cameraId, startUtcMs: start * 1000, endUtcMs: (start + length) * 1000 }),
        );
        const before = held.all();
        const settings = archiveSettingsSchema.parse({
          retentionHours: 60 / 3600,
          minFreeBytes: isFull ? 1_000_000 : 0,
        });
        // A disk that gets room by what is deleted, though never enough.
        const freeBytes = (): Promise<number> => Promise.resolve(1_000 - held.all().length);
        const space = new SpaceWatch({ freeBytes });
        await removeOldFootage({ dir, index, settings, space }, now * 1000);
        const isOld = ({ endUs }: Piece): boolean => isFull || endUs <= (now - 60) * 1_000_000;
        // The piece before the first that is locked is needed to decode it.
        const withNext = (piece: Piece): Piece[] => [
          piece,
          ...before.filter(({ cameraId, startUs }) => cameraId === piece.cameraId && startUs === piece.endUs),
        ];
        const isLocked = (piece: Piece): boolean =>
          locked.some((lock) => withNext(piece).some((each) => touches(lock, each)));
        expect(held.all()).toEqual(before.filter((piece) => isLocked(piece) || !isOld(piece)));
        locked.forEach((_lock, id) => keeper.remove(String(id)));
        await removeOldFootage({ dir, index, settings, space }, now * 1000);
        expect(held.all()).toEqual(before.filter((piece) => !isOld(piece)));
      },
    );
    await fc.assert(property, { numRuns: 60 });
    database.close();
  });
});

function addSession(
  index: ReturnType<typeof footageIndex>,
  cameraId: string,
  name: number,
  start: number,
  lengths: readonly number[],
): void {
  const session = index.addSession({
    ...{ cameraId, name: String(name).padStart(13, "0"), startUs: start * 1_000_000, baseTime: 0 },
    ...{ timeScale: 1000, codec: "avc1", width: 2, height: 2 },
  });
  let startUs = session.startUs;
  for (const [number, length] of lengths.entries()) {
    const endUs = startUs + length * 1_000_000;
    const times = { startUs, endUs, frameUs: 100_000, arrivalUs: endUs };
    index.addFootageFile(session, { ...times, number, sizeBytes: 1, samples, holes: [] });
    startUs = endUs;
  }
}

function touches(lock: { camera: string; start: number; length: number }, piece: Piece): boolean {
  const [startUs, endUs] = [lock.start * 1_000_000, (lock.start + lock.length) * 1_000_000];
  return lock.camera === piece.cameraId && startUs < piece.endUs && endUs > piece.startUs;
}

test("a lock outlives the death of the archive and of who asked for it, and its footage goes when it is freed", async () => {
  await writeFile(join(dir, "settings.json"), JSON.stringify({ segmentSeconds: 1, minFreeBytes: 0 }));
  const source = await makeLoopClip(dir);
  let program = await startProgram(dir);
  try {
    const put = { name: "Door", area: "House", source };
    expect((await ask(program.url, "/cameras/door", "PUT", put)).status).toBe(204);
    const runs = async () => {
      const answer = await ask(program.url, `/cameras/door/footage?from=1&to=${Date.now() + 10_000}`);
      return footageAnswerSchema.parse(await answer.json()).runs;
    };
    const recordedMs = async () =>
      (await runs()).reduce((sum, run) => sum + run.endUtcMs - run.startUtcMs, 0);
    await expect.poll(recordedMs, LONG).toBeGreaterThanOrEqual(4_000);
    // The camera is stopped, so that what is held changes by retention alone.
    expect((await ask(program.url, "/cameras/door", "DELETE")).status).toBe(204);
    const startUtcMs = (await runs())[0]?.startUtcMs ?? 0;
    const lock = { cameraId: "door", startUtcMs: startUtcMs + 500, endUtcMs: startUtcMs + 1_500 };
    expect((await ask(program.url, "/locks/export-1", "PUT", lock)).status).toBe(204);
    await writeFile(
      join(dir, "settings.json"),
      JSON.stringify({ retentionHours: 1 / 3600, minFreeBytes: 0 }),
    );
    // Retention looks at the start of the archive, when everything is to be old enough.
    const newestUtcMs = (await runs()).at(-1)?.endUtcMs ?? 0;
    await expect.poll(() => Date.now(), LONG).toBeGreaterThan(newestUtcMs + 1_000);
    for (let restart = 0; restart < 2; restart++) {
      await program.end("SIGKILL");
      program = await startProgram(dir);
      const locked = [{ startUtcMs, endUtcMs: startUtcMs + 2_000 }];
      await expect.poll(runs, LONG).toEqual(locked);
    }
    expect((await ask(program.url, "/locks/export-1", "DELETE")).status).toBe(204);
    await program.end("SIGKILL");
    program = await startProgram(dir);
    await expect.poll(runs, LONG).toEqual([]);
  } finally {
    await program.end("SIGTERM");
  }
}, 60_000);
