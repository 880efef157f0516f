import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { footageIndex, type FootageIndex } from "../index/footage-index.ts";
import { openIndex, type IndexDatabase } from "../index/open-index.ts";
import { footageWithin } from "../index/runs.ts";
import { exportDesk } from "../export/export-desk.ts";
import { makeLoopClip } from "../testing/loop-clip-for-tests.ts";
import { CameraRecorder } from "./camera-recorder.ts";

const CAMERA = "door";
const LONG = { timeout: 60_000, interval: 100 };

let dir: string;
let database: IndexDatabase;
let index: FootageIndex;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-recorder-"));
  database = openIndex(dir);
  index = footageIndex(database);
});

afterEach(async () => {
  database.close();
  await rm(dir, { recursive: true, force: true });
});

test("a session that has lasted its time is followed by another without a hole or a doubled frame", async () => {
  const source = await makeLoopClip(dir);
  const log = (): void => undefined;
  const recorder = new CameraRecorder({ dir, cameraId: CAMERA, source, index, log, sessionMaxMs: 2_000 });
  await expect.poll(() => index.sessions(CAMERA).length, LONG).toBeGreaterThanOrEqual(3);
  expect(recorder.state).toBe("recording");
  await recorder.stop();
  expect(recorder.state).toBe("stopped");
  const extent = index.extent(CAMERA);
  if (extent === undefined) throw new Error("Nothing was recorded.");
  const range = { startUtcMs: extent.startUs / 1000, endUtcMs: extent.endUs / 1000 };
  expect(footageWithin(range, index.stretches({ cameraId: CAMERA, range }))).toEqual({
    runs: [range],
    gaps: [],
  });
  const { plan } = await exportDesk(dir, index).plan({ cameraId: CAMERA, range });
  expect(plan.frameCount).toBe((extent.endUs - extent.startUs) / 100_000);
});

test("a source that gives nothing is tried again and again, and reported as no signal", async () => {
  const lines: string[] = [];
  const source = { kind: "rtsp", url: "rtsp://user:secret@127.0.0.1:1/nothing" } as const;
  const recorder = new CameraRecorder({
    dir,
    cameraId: CAMERA,
    source,
    index,
    log: (line) => lines.push(line),
  });
  await expect.poll(() => lines.length, LONG).toBeGreaterThanOrEqual(2);
  expect(recorder.state).toBe("no-signal");
  await recorder.stop();
  expect(lines.join("\n")).toContain("Connection refused");
  expect(lines.join("\n")).not.toContain("secret");
  expect((await readdir(dir)).filter((name) => name === "footage")).toEqual([]);
});

test("a first try is no missing signal: it connects until it records, fails, or has had its time", async () => {
  const source = await makeLoopClip(dir);
  const common = { dir, index, log: (): void => undefined };
  const startedMs = Date.now();
  const recorder = new CameraRecorder({ ...common, cameraId: CAMERA, source });
  expect(recorder).toMatchObject({ state: "connecting", problem: null });
  expect(recorder.connectingSinceUtcMs).toBeGreaterThanOrEqual(startedMs);
  const refused = { kind: "rtsp", url: "rtsp://127.0.0.1:1/nothing" } as const;
  const failing = new CameraRecorder({ ...common, cameraId: "refused", source: refused });
  expect(failing.state).toBe("connecting");
  const slow = new CameraRecorder({ ...common, cameraId: "slow", source: refused, connectMs: 0 });
  expect(slow).toMatchObject({ state: "no-signal", problem: { code: "NO_SIGNAL" } });
  await expect.poll(() => recorder.state, LONG).toBe("recording");
  expect(recorder.connectingSinceUtcMs).toBeNull();
  await expect.poll(() => failing.state, LONG).toBe("no-signal");
  expect(failing.problem?.message).toContain("refused");
  await Promise.all([recorder, failing, slow].map((one) => one.stop()));
  expect(recorder).toMatchObject({ state: "stopped", connectingSinceUtcMs: null });
});
