import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { CameraTime } from "#shared/archive-api/archive-api.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import { cameraTimeFile } from "../ground/archive-folder.ts";
import { exportDesk } from "../export/export-desk.ts";
import { reconcile } from "../index/reconcile.ts";
import { removeOldFootage, archiveSettingsSchema } from "../retention/retention.ts";
import { SpaceWatch } from "../retention/space-watch.ts";
import { makeAnnexBClip } from "../testing/odd-camera/annex-b-clip.ts";
import { startOddCamera, type OddCamera } from "../testing/odd-camera/odd-camera.ts";
import { ALWAYS, recordedFolder, TEST_CAMERA, type RecordedFolder } from "../testing/recorded-folder.ts";

const LONG = { timeout: 40_000, interval: 100 };
const HOUR_US = 3_600_000_000;
const RATE = 0.84;
const DAY_AHEAD_US = 90_000_000;

let folder: RecordedFolder;
let camera: OddCamera;
let jumpedUs: number;

/** A camera whose clock is slow and jumps an hour ahead after six seconds. */
beforeAll(async () => {
  const clip = await makeAnnexBClip({ codec: "h264", size: "160x90", rate: 10, group: 10, seconds: 20 });
  const jump = { atS: 6, byS: 3600 };
  camera = await startOddCamera({ clip, fps: 10, rate: RATE, jump, dayAheadS: DAY_AHEAD_US / 1e6 });
  folder = await recordedFolder();
  const recorder = folder.record({ kind: "rtsp", url: camera.url }, { fileSeconds: 2 });
  const count = (): number => folder.index.footageFiles({ cameraId: TEST_CAMERA, range: ALWAYS }).length;
  await vi.waitUntil(() => count() >= 6, LONG);
  await recorder.stop();
  jumpedUs = camera.sent().pictures[60]?.sentUs ?? 0;
}, 60_000);

afterAll(async () => {
  await folder.close();
  await camera.close();
});

const session = (): string => folder.index.sessions(TEST_CAMERA)[0]?.name ?? "";
const timesFile = (): string => cameraTimeFile(folder.dir, TEST_CAMERA, session());

function recordedRange(): TimeRange {
  const rows = folder.index.footageFiles({ cameraId: TEST_CAMERA, range: ALWAYS });
  const [startUs, endUs] = [rows[0]?.startUs ?? 0, rows.at(-1)?.endUs ?? 0];
  return { startUtcMs: Math.floor(startUs / 1000), endUtcMs: Math.ceil(endUs / 1000) };
}

async function told(range = recordedRange()): Promise<CameraTime | null> {
  return (await exportDesk(folder.dir, folder.index).plan({ cameraId: TEST_CAMERA, range })).plan.cameraTime;
}

describe("the camera's own time stands in export.json", () => {
  test("with its rate before and after a jump, and the instant and width of the jump", async () => {
    const time = await told();
    expect(time?.unknownMs).toBe(0);
    expect(time?.jumps).toHaveLength(1);
    const [jump] = time?.jumps ?? [];
    expect(Math.abs((jump?.byUs ?? 0) - HOUR_US)).toBeLessThan(1_000_000);
    expect(Math.abs((jump?.atUtcUs ?? 0) - jumpedUs)).toBeLessThan(1_000_000);
    const [before, after, ...more] = time?.stretches ?? [];
    expect(more).toEqual([]);
    for (const stretch of [before, after])
      expect(Math.abs((stretch?.ratePpm ?? 0) / 1e6 - RATE)).toBeLessThan(0.1);
    const acrossUs = (after?.startCameraUs ?? 0) - (before?.endCameraUs ?? 0);
    expect(Math.abs(acrossUs - HOUR_US)).toBeLessThan(1_000_000);
  });

  test("with what its clock of day said", async () => {
    const { startUtcMs, endUtcMs } = recordedRange();
    const days = (await told())?.timesOfDay ?? [];
    expect(days.length).toBeGreaterThan(0);
    for (const { atUtcUs, cameraUtcUs } of days) {
      expect(atUtcUs).toBeGreaterThanOrEqual(startUtcMs * 1000);
      expect(atUtcUs).toBeLessThan(endUtcMs * 1000);
      expect(Math.abs(cameraUtcUs - atUtcUs - DAY_AHEAD_US)).toBeLessThan(1_000_000);
    }
  });

  test("for the asked range alone", async () => {
    const { startUtcMs } = recordedRange();
    const time = await told({ startUtcMs, endUtcMs: startUtcMs + 1_500 });
    expect(time?.jumps).toEqual([]);
    expect(time?.stretches).toHaveLength(1);
  });

  test("after the index was built anew, and its file is none that is left out", async () => {
    const before = await told();
    folder.index.forgetFootage();
    await reconcile({ dir: folder.dir, index: folder.index });
    expect(await told()).toEqual(before);
    expect(folder.index.straySum().files).toBe(0);
  });

  test("as not known where its line is torn or its file is gone, and the footage is exported all the same", async () => {
    const text = await readFile(timesFile(), "utf8");
    const [first = "", ...rest] = text.trimEnd().split("\n");
    expect(JSON.parse(first)).toMatchObject({ number: 0, pieces: [{ jump: null }] });
    await writeFile(timesFile(), `${rest.join("\n")}\n`);
    await appendFile(timesFile(), first.slice(0, 40));
    const [row] = folder.index.footageFiles({ cameraId: TEST_CAMERA, range: ALWAYS });
    const lastedMs = ((row?.endUs ?? 0) - (row?.startUs ?? 0)) / 1000;
    expect(Math.abs(((await told())?.unknownMs ?? 0) - lastedMs)).toBeLessThan(50);
    await rm(timesFile());
    expect(await told()).toBeNull();
    await writeFile(timesFile(), text);
  });

  test("until retention takes the footage, and its file with it", async () => {
    const plenty = new SpaceWatch({ freeBytes: () => Promise.resolve(Number.MAX_SAFE_INTEGER) });
    const old = await recordedFolder();
    try {
      const source = { kind: "rtsp", url: camera.url } as const;
      const recorder = old.record(source, { fileSeconds: 1, sessionMaxMs: 1_000 });
      await expect.poll(() => old.index.sessions(TEST_CAMERA).length, LONG).toBeGreaterThanOrEqual(2);
      await recorder.stop();
      const [first] = old.index.sessions(TEST_CAMERA);
      const file = cameraTimeFile(old.dir, TEST_CAMERA, first?.name ?? "");
      expect(await readFile(file, "utf8")).toContain('"number":0');
      const settings = archiveSettingsSchema.parse({ retentionHours: 1 });
      await removeOldFootage(
        { dir: old.dir, index: old.index, settings, space: plenty },
        Date.now() + 2 * 3_600_000,
      );
      await expect(readFile(file)).rejects.toThrow("ENOENT");
    } finally {
      await old.close();
    }
  }, 60_000);
});
