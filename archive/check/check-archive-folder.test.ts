import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readdir, readFile, rm, truncate, unlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { reindexArchive, verifyArchive } from "../archive-upkeep.ts";
import { footageIndex } from "../index/footage-index.ts";
import { footageLocks } from "../index/footage-locks.ts";
import { openIndex, type IndexDatabase } from "../index/open-index.ts";
import { storeCamera } from "../recorder/camera-fleet.ts";
import { PROGRAM } from "../testing/archive-program.ts";
import { makeLoopClipWithSound } from "../testing/loop-clip-for-tests.ts";
import { ALWAYS, recordedFolder, TEST_CAMERA } from "../testing/recorded-folder.ts";
import type { Invariant } from "./invariants.ts";

let original: string;
let dir: string;
let sessionFolder: string;

beforeAll(async () => {
  original = await mkdtemp(join(tmpdir(), "evidence-desk-whole-"));
  const folder = await recordedFolder(original);
  const source = await makeLoopClipWithSound(original, "aac");
  storeCamera(
    { dir: original, index: folder.index, cameraId: TEST_CAMERA },
    { name: "Door", area: "House", source },
  );
  const recorder = folder.record(source, { fileSeconds: 1 });
  const count = (): number => folder.index.footageFiles({ cameraId: TEST_CAMERA, range: ALWAYS }).length;
  await vi.waitFor(() => expect(count()).toBeGreaterThanOrEqual(3), { timeout: 30_000, interval: 100 });
  await recorder.stop();
  await folder.close();
}, 60_000);

afterAll(() => rm(original, { recursive: true, force: true }));

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-check-"));
  await cp(original, dir, { recursive: true, preserveTimestamps: true });
  const camera = join(dir, "footage", TEST_CAMERA);
  const [session = ""] = (await readdir(camera)).filter((name) => /^\d+$/.test(name));
  sessionFolder = join(camera, session);
});

afterEach(() => rm(dir, { recursive: true, force: true }));

const footageFile = (number: number): string => join(sessionFolder, `0000${number}.m4s`);

async function change(work: (database: IndexDatabase) => void): Promise<void> {
  const database = openIndex(dir);
  work(database);
  database.close();
  return Promise.resolve();
}

const sql = (text: string) => () => change((database) => void database.exec(text));

/** Changes one byte of a file and leaves its time as it was. */
async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

/** A second session that shows the same instants as the first. */
async function doubleSession(): Promise<void> {
  const other = join(dir, "footage", TEST_CAMERA, "1000000000000");
  await cp(sessionFolder, other, { recursive: true, preserveTimestamps: true });
  await reindexArchive(dir);
  await sql("UPDATE sessions SET ordinal = 1, seam_session = NULL")();
}

const breaks: [string, Invariant, () => Promise<unknown>][] = [
  [
    "a row that belongs to nothing",
    "I1",
    sql("PRAGMA foreign_keys = OFF; INSERT INTO segment_sound VALUES (999, x'00')"),
  ],
  ["a file that is missing", "I2", () => unlink(footageFile(1))],
  ["a file that was cut", "I2", () => truncate(footageFile(1), 500)],
  ["a file with another arrival", "I2", () => utimes(footageFile(1), 1, 1)],
  ["a file without a row", "I3", sql("DELETE FROM segments WHERE number = 1")],
  ["a session without a row", "I3", sql("DELETE FROM sessions")],
  ["a missing initialization segment", "I4", () => unlink(join(sessionFolder, "init.mp4"))],
  ["a row with another picture size", "I4", sql("UPDATE sessions SET width = 97")],
  [
    "a session file with another start",
    "I5",
    () => writeFile(join(sessionFolder, "session.json"), '{"startUs":1,"baseTime":0}'),
  ],
  ["a missing session file", "I5", () => unlink(join(sessionFolder, "session.json"))],
  ["a row with other instants", "I6", sql("UPDATE segments SET start_us = start_us + 1 WHERE number = 1")],
  [
    "a row with other frames",
    "I6",
    sql("UPDATE segment_samples SET samples = zeroblob(24) WHERE segment_id = 2"),
  ],
  ["a row without its sound", "I6", sql("DELETE FROM segment_sound WHERE segment_id = 2")],
  ["a hole that is not in the file", "I6", sql(`INSERT INTO holes VALUES (2, '${TEST_CAMERA}', 1, 2)`)],
  ["two sessions that show one instant", "I7", doubleSession],
  ["a repeated live number", "I8", sql("UPDATE segments SET sequence = 0")],
  ["a camera file that says otherwise", "I9", sql("UPDATE cameras SET recorded = 0")],
  ["a missing camera file", "I9", () => unlink(join(dir, "footage", TEST_CAMERA, "camera.json"))],
  ["a lock of no camera", "I10", sql("INSERT INTO locks VALUES ('export-1', 'nobody', 1, 2)")],
  ["an empty lock", "I10", sql(`INSERT INTO locks VALUES ('export-1', '${TEST_CAMERA}', 2, 2)`)],
];

describe("the check of an archive's folder", () => {
  test("finds nothing in a folder as recorded, nor after it was indexed anew", async () => {
    expect(await verifyArchive(dir)).toMatchObject({ broken: [], leftOut: [] });
    await reindexArchive(dir);
    const { broken, segments } = await verifyArchive(dir);
    expect(broken).toEqual([]);
    expect(segments).toBeGreaterThanOrEqual(3);
  });

  test.each(breaks)("finds %s by its number, %s", async (_name, invariant, breakIt) => {
    await breakIt();
    const { broken } = await verifyArchive(dir);
    expect(new Set(broken.map((breach) => breach.invariant))).toContain(invariant);
    const breach = broken.find((each) => each.invariant === invariant);
    expect(breach?.detail).toMatch(/\.$/);
    if (/I[23456]/.test(invariant)) {
      expect(breach).toMatchObject({ camera: TEST_CAMERA, file: expect.stringContaining(TEST_CAMERA) });
      expect(breach?.at).toMatch(/^\d{4}-\d\d-\d\dT/);
    }
  });

  test("finds a recorder that runs on, I11", async () => {
    const idle = spawn(process.execPath, ["-e", "console.log(1); setInterval(() => {}, 1e6)", sessionFolder]);
    try {
      await once(idle.stdout, "data");
      const record = join(dir, "footage", TEST_CAMERA, "recorder-1.json");
      await writeFile(record, JSON.stringify({ pid: idle.pid, folder: sessionFolder }));
      const { broken } = await verifyArchive(dir);
      expect(broken.map(({ invariant }) => invariant)).toEqual(["I11"]);
    } finally {
      idle.kill("SIGKILL");
    }
  });

  test("lets torn files be, and names them", async () => {
    await writeFile(footageFile(9), "torn by a power cut");
    expect(await verifyArchive(dir)).toMatchObject({
      broken: [],
      leftOut: [expect.stringMatching(/00009\.m4s$/)],
    });
  });

  test("as a command prints the breaches and ends with 1, or with 0 when there is none", async () => {
    const run = () => promisify(execFile)(process.execPath, [PROGRAM, "check", "--dir", dir]);
    expect(JSON.parse((await run()).stdout)).toMatchObject({ broken: [] });
    await unlink(footageFile(1));
    await expect(run()).rejects.toMatchObject({
      ...{ code: 1, stdout: expect.stringContaining('"I2"') },
      stderr: expect.stringMatching(/I2 is broken .*door.*00001\.m4s, \d{4}-/),
    });
  });
});

describe("a damaged index", () => {
  const lock = { cameraId: TEST_CAMERA, startUtcMs: 1_000, endUtcMs: 2_000 };
  const damaged = () => expect.stringMatching(/index\.sqlite\.damaged-\d+$/);

  test("is refused with the word of what to do", async () => {
    await writeFile(join(dir, "index.sqlite"), "no database");
    expect(() => openIndex(dir)).toThrow(expect.objectContaining({ code: "INDEX_DAMAGED" }));
  });

  test("is kept beside the new one, and a stopped camera stays stopped", async () => {
    await change((database) => void footageIndex(database).stopCamera(TEST_CAMERA));
    const path = join(dir, "footage", TEST_CAMERA, "camera.json");
    const camera = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
    await writeFile(path, JSON.stringify({ ...camera, recorded: false }));
    await writeFile(join(dir, "index.sqlite"), "no database");
    await rm(join(dir, "index.sqlite-wal"), { force: true });
    expect(await reindexArchive(dir)).toMatchObject({ damaged: { keptAs: damaged(), savedLocks: null } });
    expect((await readdir(dir)).filter((name) => name.includes(".damaged-"))).toHaveLength(1);
    await change((database) => expect(footageIndex(database).camera(TEST_CAMERA)?.recorded).toBe(false));
    expect(await verifyArchive(dir)).toMatchObject({ broken: [] });
  });

  test("gives its locks when they can still be read", async () => {
    let root = 0;
    let pageBytes = 0;
    await change((database) => {
      footageLocks(database).put("export-1", lock);
      root = Number(
        database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'segments'").pluck().get(),
      );
      pageBytes = Number(database.pragma("page_size", { simple: true }));
      database.pragma("wal_checkpoint(TRUNCATE)");
    });
    await flip(join(dir, "index.sqlite"), (root - 1) * pageBytes);
    expect(await reindexArchive(dir)).toMatchObject({ damaged: { keptAs: damaged(), savedLocks: 1 } });
    await change((database) => {
      expect(database.prepare("SELECT id FROM locks").pluck().all()).toEqual(["export-1"]);
    });
    expect(await verifyArchive(dir)).toMatchObject({ broken: [] });
  });
});
