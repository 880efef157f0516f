import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exportDesk } from "../export/export-desk.ts";
import { footageIndex } from "../index/footage-index.ts";
import { openIndex } from "../index/open-index.ts";
import { joinStretches } from "../index/runs.ts";
import { freePort } from "#runtime/process/free-port.ts";
import { missingForRtsp, startRtspCamera } from "../testing/rtsp-camera.ts";
import { CameraRecorder } from "./camera-recorder.ts";

const CAMERA = "yard";
const LONG = { timeout: 30_000, interval: 100 };
const ALWAYS = { startUtcMs: 0, endUtcMs: 4_000_000_000_000 };

test("a real RTSP camera is recorded, lost, found again, and the time between is a gap", async (context) => {
  const missing = await missingForRtsp();
  if (missing !== null) return context.skip(missing);
  const dir = await mkdtemp(join(tmpdir(), "evidence-desk-rtsp-"));
  const database = openIndex(dir);
  const index = footageIndex(database);
  const port = await freePort();
  let camera = await startRtspCamera(port);
  const source = { kind: "rtsp", url: camera.url } as const;
  const recorder = new CameraRecorder({ dir, cameraId: CAMERA, source, index, log: () => undefined });
  try {
    await expect
      .poll(() => index.footageFiles({ cameraId: CAMERA, range: ALWAYS }).length, LONG)
      .toBeGreaterThanOrEqual(2);
    expect(recorder.state).toBe("recording");
    const newest = index.newestFootageFiles(CAMERA, 1)[0];
    expect(Math.abs(Date.now() * 1000 - (newest?.endUs ?? 0))).toBeLessThan(1_000_000);
    await camera.close();
    await expect.poll(() => recorder.state, LONG).toBe("no-signal");
    camera = await startRtspCamera(port);
    await expect.poll(() => recorder.state, LONG).toBe("recording");
    const runs = joinStretches(index.stretches({ cameraId: CAMERA, range: ALWAYS }));
    expect(runs).toHaveLength(2);
    const first = runs[0] ?? { startUs: 0, endUs: 0 };
    const range = { startUtcMs: Math.floor(first.startUs / 1000), endUtcMs: Math.ceil(first.endUs / 1000) };
    const { plan } = await exportDesk(dir, index).plan({ cameraId: CAMERA, range });
    expect(plan.frameCount / ((first.endUs - first.startUs) / 1_000_000)).toBeCloseTo(15, 0);
  } finally {
    await recorder.stop();
    await camera.close();
    database.close();
    await rm(dir, { recursive: true, force: true });
  }
}, 90_000);
