import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readCameraFile, writeCameraFile } from "./camera-file.ts";
import { footageIndex } from "./footage-index.ts";
import { openIndex } from "./open-index.ts";
import { reconcile } from "./reconcile.ts";
import { packSamples } from "./sample-table.ts";

const samples = packSamples({ firstDecodeTicks: 0, samples: [] });
const SESSION = {
  ...{ cameraId: "door", name: "0000000000001", startUs: 1_000_000, baseTime: 0, timeScale: 1000 },
  ...{ codec: "avc1", width: 2, height: 2 },
};
const FOOTAGE_FILE = {
  ...{
    number: 0,
    startUs: 1_000_000,
    endUs: 5_000_000,
    arrivalUs: 5_250_000,
    frameUs: 100_000,
    sizeBytes: 1,
  },
  ...{ samples, holes: [] },
};

/** What an added session has beside what was said of it. */
const FIRST = { ordinal: 1, seam: null, begun: null };

/** Takes away what versions 4 to 6 brought. */
const WITHOUT_ORDER = `DROP INDEX segments_by_age; DROP INDEX sessions_by_boot; ALTER TABLE segments DROP COLUMN aged_us;
  ALTER TABLE sessions DROP COLUMN boot_id; ALTER TABLE sessions DROP COLUMN boot_uptime_ms;
  ALTER TABLE sessions DROP COLUMN aged_offset_us; DROP TABLE strays; DROP INDEX sessions_by_seam; DROP INDEX sessions_in_order; DROP INDEX segments_in_order; DROP INDEX segments_by_length;
  ALTER TABLE sessions DROP COLUMN ordinal; ALTER TABLE sessions DROP COLUMN seam_session;
  ALTER TABLE sessions DROP COLUMN seam_number; ALTER TABLE sessions DROP COLUMN seam_us;
  ALTER TABLE sessions DROP COLUMN seam_from_us;
  ALTER TABLE segments ADD COLUMN shown_end_us INTEGER NOT NULL DEFAULT 0;`;

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-open-"));
});

afterEach(() => rm(dir, { recursive: true, force: true }));

describe("an index of version 2", () => {
  test("gets tables of sound and the drift of what it holds", () => {
    const old = openIndex(dir);
    const before = footageIndex(old);
    before.addFootageFile(before.addSession(SESSION), FOOTAGE_FILE);
    old.exec(`${WITHOUT_ORDER} DROP TABLE segment_sound; ALTER TABLE segments DROP COLUMN drift_us;
      ALTER TABLE sessions DROP COLUMN sound_track_id; ALTER TABLE sessions DROP COLUMN sound_base_time;
      ALTER TABLE sessions DROP COLUMN sound_time_scale; ALTER TABLE sessions DROP COLUMN sound_codec;
      PRAGMA user_version = 2`);
    old.close();
    const database = openIndex(dir);
    const index = footageIndex(database);
    expect(index.session("door", SESSION.name)).toEqual({ ...SESSION, id: 1, sound: null, ...FIRST });
    expect(index.soundSamples(1)).toBeNull();
    expect(index.oldestUnlocked(1)[0]?.agedUs).toBe(FOOTAGE_FILE.endUs);
    expect(index.clockFacts({ cameraId: "door", range: { startUtcMs: 2_000, endUtcMs: 3_000 } })).toEqual({
      ...{ firstArrivalUs: 5_250_000, lastArrivalUs: 5_250_000 },
      ...{ lastDriftUs: 250_000, leastDriftUs: 250_000, mostDriftUs: 250_000 },
    });
    expect(
      index.clockFacts({ cameraId: "door", range: { startUtcMs: 6_000, endUtcMs: 7_000 } }),
    ).toBeUndefined();
    database.close();
  });
});

test("an index of a newer program is refused", () => {
  const database = openIndex(dir);
  database.pragma("user_version = 99");
  database.close();
  expect(() => openIndex(dir)).toThrow(expect.objectContaining({ code: "INDEX_VERSION" }));
});

test("sound of a session comes out of the index as it went in", () => {
  const database = openIndex(dir);
  const index = footageIndex(database);
  const sound = { trackId: 2, timeScale: 48_000, baseTime: -1024, codec: "mp4a.40.2" };
  const soundSamples = packSamples({ firstDecodeTicks: 7, samples: [] });
  index.addFootageFile(index.addSession({ ...SESSION, sound }), { ...FOOTAGE_FILE, soundSamples });
  expect(index.sessions("door")).toEqual([{ ...SESSION, id: 1, sound, ...FIRST }]);
  expect(index.soundSamples(1)).toEqual(soundSamples);
  database.close();
});

test("what a run of the machine recorded ages by when that run began, whatever its own dates say", () => {
  const database = openIndex(dir);
  const index = footageIndex(database);
  const beginning = { bootId: "this", uptimeMs: 60_000, laterUs: 0 };
  const dated = index.addSession({ ...SESSION, begun: beginning });
  const undated = index.addSession({ ...SESSION, name: "0000000000002" });
  index.addFootageFile(dated, FOOTAGE_FILE);
  index.addFootageFile(undated, FOOTAGE_FILE);
  index.putBoot("another", 8e12);
  index.putBoot("this", 3_600_000);
  // An hour after 1970 the machine was started, a minute later the session began.
  const laterUs = 3_660_000_000 - SESSION.startUs;
  index.addFootageFile(index.session("door", SESSION.name)!, {
    ...FOOTAGE_FILE,
    number: FOOTAGE_FILE.number + 1,
  });
  const ages = index.oldestUnlocked(9).map(({ sessionName, agedUs }) => [sessionName, agedUs]);
  expect(ages).toEqual([
    ["0000000000002", FOOTAGE_FILE.endUs],
    [SESSION.name, FOOTAGE_FILE.endUs + laterUs],
    [SESSION.name, FOOTAGE_FILE.endUs + laterUs],
  ]);
  expect(index.session("door", SESSION.name)?.begun).toEqual({ ...beginning, laterUs });
  database.close();
});

test("a camera's own file, which is written first, is believed after a crash", async () => {
  const database = openIndex(dir);
  const index = footageIndex(database);
  const change = { name: "Old", area: "House", source: { kind: "loop", file: "a.mp4" } } as const;
  index.putCamera("door", change);
  writeCameraFile(dir, "door", { ...change, name: "New", recorded: false });
  await reconcile({ dir, index });
  expect(index.camera("door")).toMatchObject({ name: "New", recorded: false });
  expect(await readCameraFile(dir, "nobody")).toBeNull();
  database.close();
});
