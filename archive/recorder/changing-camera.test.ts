import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exportDesk } from "../export/export-desk.ts";
import { reconcile } from "../index/reconcile.ts";
import { joinStretches } from "../index/runs.ts";
import { joinClips, makeCameraClip, makeLoopClip } from "../testing/loop-clip-for-tests.ts";
import { ALWAYS, recordedFolder, TEST_CAMERA, type RecordedFolder } from "../testing/recorded-folder.ts";
import { startTestCamera, type TestCamera } from "../testing/rtsp-server.ts";

const LONG = { timeout: 40_000, interval: 100 };

let folder: RecordedFolder;
let camera: TestCamera | undefined;

beforeEach(async () => {
  folder = await recordedFolder();
});

afterEach(async () => {
  await folder.close();
  await camera?.close();
  camera = undefined;
});

const fileCount = (): number => folder.index.footageFiles({ cameraId: TEST_CAMERA, range: ALWAYS }).length;
const runs = () => joinStretches(folder.index.stretches({ cameraId: TEST_CAMERA, range: ALWAYS }));

describe("a camera that changes its resolution in mid-stream", () => {
  test("gets a new session with its own init, and each run is decodable", { timeout: 80_000 }, async () => {
    const { index, dir } = folder;
    const large = await makeCameraClip(dir, "128x96", 60);
    const small = await makeCameraClip(dir, "96x64", 10);
    camera = await startTestCamera(await joinClips(dir, [small, large]));
    const source = { kind: "rtsp", url: camera.url } as const;
    const recorder = folder.record(source, { fileSeconds: 1 });
    await expect.poll(fileCount, LONG).toBeGreaterThanOrEqual(1);
    camera.clip = large;
    await expect.poll(() => index.sessions(TEST_CAMERA).map(({ width }) => width), LONG).toEqual([96, 128]);
    await recorder.stop();
    expect(folder.lines.join("\n")).toContain("format changed");
    expect(runs()).toHaveLength(1);
    for (const [at, { name, startUs }] of index.sessions(TEST_CAMERA).entries()) {
      const endUs =
        index.footageFiles({ cameraId: TEST_CAMERA, range: ALWAYS, recording: name }).at(-1)?.endUs ?? 0;
      const range = { startUtcMs: Math.ceil(startUs / 1000), endUtcMs: Math.floor(endUs / 1000) };
      const { plan } = await exportDesk(dir, index).plan({ cameraId: TEST_CAMERA, range });
      expect([plan.width, plan.gaps]).toEqual([[96, 128][at], []]);
    }
    const before = index.stretches({ cameraId: TEST_CAMERA, range: ALWAYS });
    index.forgetFootage();
    await reconcile({ dir, index });
    expect(index.stretches({ cameraId: TEST_CAMERA, range: ALWAYS })).toEqual(before);
  });
});

describe("a camera that freezes", () => {
  test("is a gap, and is recorded again when it goes on", { timeout: 80_000 }, async () => {
    camera = await startTestCamera(await makeCameraClip(folder.dir, "96x64", 60));
    const recorder = folder.record({ kind: "rtsp", url: camera.url }, { fileSeconds: 1 });
    await expect.poll(fileCount, LONG).toBeGreaterThanOrEqual(1);
    camera.signal("SIGSTOP");
    await expect.poll(() => recorder.problem?.code, LONG).toBe("NO_SIGNAL");
    expect(recorder.state).toBe("no-signal");
    await expect.poll(() => recorder.state, LONG).toBe("recording");
    expect(recorder.problem).toBeNull();
    expect(runs()).toHaveLength(2);
  });
});

describe("a camera that vanishes", () => {
  test("is recorded again when it is back, and the time between is a gap", { timeout: 80_000 }, async () => {
    camera = await startTestCamera(await makeCameraClip(folder.dir, "96x64", 60));
    const recorder = folder.record({ kind: "rtsp", url: camera.url }, { fileSeconds: 1 });
    await expect.poll(fileCount, LONG).toBeGreaterThanOrEqual(1);
    camera.signal("SIGKILL");
    await expect.poll(() => recorder.problem?.code, LONG).toBe("NO_SIGNAL");
    await expect.poll(() => recorder.state, LONG).toBe("recording");
    expect(runs()).toHaveLength(2);
  });
});

test("a recorder that hangs is ended and another takes its place", { timeout: 60_000 }, async () => {
  const { index, dir } = folder;
  folder.record(await makeLoopClip(dir), { fileSeconds: 1, stallMs: 6_000 });
  await expect.poll(fileCount, LONG).toBeGreaterThanOrEqual(1);
  const cameraFolder = join(dir, "footage", TEST_CAMERA);
  const [name = ""] = (await readdir(cameraFolder)).filter((entry) => entry.startsWith("recorder-"));
  const { pid } = JSON.parse(await readFile(join(cameraFolder, name), "utf8")) as { pid: number };
  process.kill(pid, "SIGSTOP");
  await expect.poll(() => index.sessions(TEST_CAMERA).length, LONG).toBeGreaterThanOrEqual(2);
  expect(folder.lines.join("\n")).toContain("hangs");
});
