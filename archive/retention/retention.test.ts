import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { footageFilePath, sessionFolder } from "../ground/archive-folder.ts";
import { footageIndex, type FootageIndex } from "../index/footage-index.ts";
import { footageLocks } from "../index/footage-locks.ts";
import { openIndex, type IndexDatabase } from "../index/open-index.ts";
import { reconcile } from "../index/reconcile.ts";
import { packSamples } from "../index/sample-table.ts";
import { SpaceWatch } from "./space-watch.ts";
import { archiveSettingsSchema, removeOldFootage } from "./retention.ts";

const HOUR_MS = 3_600_000;
const NOW_MS = 1_000 * HOUR_MS;
const FILE_BYTES = 1_000;
const disk = (freeBytes: () => Promise<number>): SpaceWatch =>
  new SpaceWatch({ freeBytes, pause: () => Promise.resolve() });
const plenty = disk(() => Promise.resolve(Number.MAX_SAFE_INTEGER));

let dir: string;
let database: IndexDatabase;
let index: FootageIndex;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-retention-"));
  database = openIndex(dir);
  index = footageIndex(database);
  await addSession("0000000000001", NOW_MS - 10 * HOUR_MS);
  await addSession("0000000000002", NOW_MS - 5 * HOUR_MS);
});

afterEach(async () => {
  database.close();
  await rm(dir, { recursive: true, force: true });
});

/** A session of four footage files of 4 s. */
async function addSession(name: string, startUtcMs: number): Promise<void> {
  const session = index.addSession({
    ...{ cameraId: "door", name, startUs: startUtcMs * 1000, baseTime: 0, timeScale: 1000 },
    ...{ codec: "avc1", width: 2, height: 2 },
  });
  await mkdir(sessionFolder(dir, "door", name), { recursive: true });
  for (let number = 0; number < 4; number++) {
    const startUs = (startUtcMs + number * 4_000) * 1000;
    await writeFile(footageFilePath(sessionFolder(dir, "door", name), number), Buffer.alloc(FILE_BYTES));
    index.addFootageFile(session, {
      ...{ number, startUs, endUs: startUs + 4_000_000, frameUs: 100_000, arrivalUs: startUs },
      ...{ sizeBytes: FILE_BYTES, samples: packSamples({ firstDecodeTicks: 0, samples: [] }), holes: [] },
    });
  }
}

const left = (): string[] =>
  index
    .footageFiles({ cameraId: "door", range: { startUtcMs: 0, endUtcMs: NOW_MS } })
    .map((row) => `${Number(row.sessionName)}/${row.number}`);

describe("retention", () => {
  test("removes what is older than the settings say, files and folder included", async () => {
    const settings = archiveSettingsSchema.parse({ retentionHours: 8 });
    expect(await removeOldFootage({ dir, index, settings, space: plenty }, NOW_MS)).toBe(4);
    expect(left()).toEqual(["2/0", "2/1", "2/2", "2/3"]);
    expect(await readdir(join(dir, "footage", "door"))).toEqual(["0000000000002"]);
  });

  test("removes the oldest when the disk is full, and no more than is needed", async () => {
    const settings = archiveSettingsSchema.parse({ minFreeBytes: 10_000 });
    const freeBytes = (): Promise<number> => Promise.resolve(left().length === 8 ? 7_500 : 10_500);
    expect(await removeOldFootage({ dir, index, settings, space: disk(freeBytes) }, NOW_MS)).toBe(3);
    expect(left()).toEqual(["1/3", "2/0", "2/1", "2/2", "2/3"]);
  });

  describe("of files that are no footage", () => {
    const torn = (name: string): string => join(sessionFolder(dir, "door", "0000000000001"), name);
    const foundAgain = async (): Promise<number> => (await reconcile({ dir, index })).unreadableFiles.length;

    beforeEach(async () => {
      const at = (NOW_MS - 10 * HOUR_MS) / 1000;
      for (const name of ["00007.m4s", "00008.m4s", "00009.m4s.part"]) {
        await writeFile(torn(name), Buffer.alloc(FILE_BYTES));
        await utimes(torn(name), at, at);
      }
      expect(await foundAgain()).toBe(2);
    });

    test("looks at them once, counts them, and lets them go by age", async () => {
      expect(await foundAgain()).toBe(0);
      expect(index.straySum()).toEqual({ files: 3, bytes: 3 * FILE_BYTES });
      const settings = archiveSettingsSchema.parse({ retentionHours: 8 });
      expect(await removeOldFootage({ dir, index, settings, space: plenty }, NOW_MS)).toBe(7);
      expect(await readdir(join(dir, "footage", "door"))).toEqual(["0000000000002"]);
      expect(index.straySum()).toEqual({ files: 0, bytes: 0 });
    });

    test("lets them go for room, and never what arrived in a locked range", async () => {
      const settings = archiveSettingsSchema.parse({ minFreeBytes: 10_000 });
      const freeBytes = (): Promise<number> => Promise.resolve(10_000 - index.straySum().files * FILE_BYTES);
      const lock = { startUtcMs: NOW_MS - 11 * HOUR_MS, endUtcMs: NOW_MS - 9 * HOUR_MS, cameraId: "door" };
      footageLocks(database).put("export-1", lock);
      const one = disk(() => Promise.resolve(left().length === 8 ? 9_500 : 10_500));
      expect(await removeOldFootage({ dir, index, settings, space: one }, NOW_MS)).toBe(1);
      expect(index.straySum().files).toBe(3);
      footageLocks(database).remove("export-1");
      await removeOldFootage({ dir, index, settings, space: disk(freeBytes) }, NOW_MS);
      expect(index.straySum().files).toBe(0);
      expect(left()).toHaveLength(7);
    });

    test("looks at one again that has changed", async () => {
      await writeFile(torn("00007.m4s"), Buffer.alloc(2 * FILE_BYTES));
      expect(await foundAgain()).toBe(1);
      await rm(torn("00008.m4s"));
      expect(await foundAgain()).toBe(0);
      expect(index.straySum()).toEqual({ files: 2, bytes: 3 * FILE_BYTES });
    });
  });

  test("never touches a locked second and what decodes it, also after the index was opened anew", async () => {
    const startUtcMs = NOW_MS - 10 * HOUR_MS + 5_000;
    footageLocks(database).put("export-1", { cameraId: "door", startUtcMs, endUtcMs: startUtcMs + 4_000 });
    footageLocks(database).put("export-1", { cameraId: "door", startUtcMs, endUtcMs: startUtcMs + 4_000 });
    database.close();
    database = openIndex(dir);
    index = footageIndex(database);
    const settings = archiveSettingsSchema.parse({ retentionHours: 8 });
    expect(await removeOldFootage({ dir, index, settings, space: plenty }, NOW_MS)).toBe(1);
    expect(left().slice(0, 3)).toEqual(["1/0", "1/1", "1/2"]);
    footageLocks(database).remove("export-1");
    footageLocks(database).remove("export-1");
    expect(await removeOldFootage({ dir, index, settings, space: plenty }, NOW_MS)).toBe(3);
    expect(left()[0]).toBe("2/0");
  });

  test("heeds a lock that comes while what is older is being removed", async () => {
    const range = { startUtcMs: NOW_MS - 10 * HOUR_MS + 9_000, endUtcMs: NOW_MS - 10 * HOUR_MS + 10_000 };
    const locking: FootageIndex = {
      ...index,
      removeUnlocked: (id) => {
        const isRemoved = index.removeUnlocked(id);
        footageLocks(database).put("export-1", { cameraId: "door", ...range });
        return isRemoved;
      },
    };
    const settings = archiveSettingsSchema.parse({ retentionHours: 8 });
    expect(await removeOldFootage({ dir, index: locking, settings, space: plenty }, NOW_MS)).toBe(2);
    expect(left().slice(0, 2)).toEqual(["1/1", "1/2"]);
    expect(await readdir(sessionFolder(dir, "door", "0000000000001"))).toEqual(["00001.m4s", "00002.m4s"]);
  });

  test("on a full disk tells how long footage stays as things are, until the disk has had room for a while", async () => {
    let steadyMs = 0;
    const settings = archiveSettingsSchema.parse({ minFreeBytes: 10_000, retentionHours: 24 });
    const freeBytes = (): Promise<number> => Promise.resolve(left().length === 8 ? 7_500 : 10_500);
    const space = new SpaceWatch({ freeBytes, nowMs: () => steadyMs, pause: () => Promise.resolve() });
    expect(space.keptMs).toBeNull();
    await removeOldFootage({ dir, index, settings, space }, NOW_MS);
    // What ended then went last; what follows it is next.
    expect(space.keptMs).toBe(10 * HOUR_MS - 12_000);
    steadyMs += 40 * 60_000;
    expect(space.keptMs).toBeNull();
    await removeOldFootage({ dir, index, settings: { ...settings, retentionHours: 8 }, space }, NOW_MS);
    expect(space.keptMs).toBeNull();
  });

  test("ends when nothing is left to remove but the disk is still too full", async () => {
    const settings = archiveSettingsSchema.parse({ minFreeBytes: 100_000 });
    const freeBytes = (): Promise<number> => Promise.resolve((8 - left().length) * FILE_BYTES);
    expect(await removeOldFootage({ dir, index, settings, space: disk(freeBytes) }, NOW_MS)).toBe(8);
    expect(left()).toEqual([]);
  });

  test("stops where what it removed makes no room: the disk, or what it tells, is wrong", async () => {
    const settings = archiveSettingsSchema.parse({ minFreeBytes: 2 * FILE_BYTES });
    let nowMs = 0;
    const pause = () => Promise.resolve();
    const space = new SpaceWatch({ freeBytes: () => Promise.resolve(0), nowMs: () => nowMs, pause });
    expect(await removeOldFootage({ dir, index, settings, space }, NOW_MS)).toBe(2);
    expect(await removeOldFootage({ dir, index, settings, space }, NOW_MS)).toBe(0);
    expect(space.isHeld).toBe(true);
    nowMs += 11 * 60_000;
    expect(space.isHeld).toBe(false);
    expect(await removeOldFootage({ dir, index, settings, space }, NOW_MS)).toBe(2);
  });

  test("what is old enough goes also while the disk stays full", async () => {
    const settings = archiveSettingsSchema.parse({ retentionHours: 8, minFreeBytes: 1 });
    const space = disk(() => Promise.resolve(0));
    await removeOldFootage({ dir, index, settings, space }, NOW_MS);
    expect(left().every((name) => name.startsWith("2/"))).toBe(true);
  });
});
