import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { makeAnnexBClip } from "../testing/odd-camera/annex-b-clip.ts";
import { startOddCamera, type OddCamera } from "../testing/odd-camera/odd-camera.ts";
import { ALWAYS, recordedFolder, TEST_CAMERA, type RecordedFolder } from "../testing/recorded-folder.ts";
import { frameInstants } from "./frame-instants.ts";

const LONG = { timeout: 30_000, interval: 100 };

let folder: RecordedFolder;
let camera: OddCamera;

/** A camera that goes from ten frames a second to one. */
beforeAll(async () => {
  const clip = await makeAnnexBClip({ codec: "h264", size: "160x90", rate: 10, group: 20, seconds: 20 });
  camera = await startOddCamera({ clip, fps: 10, thinned: { atS: 3, oneIn: 10 } });
  folder = await recordedFolder();
  const recorder = folder.record({ kind: "rtsp", url: camera.url }, { fileSeconds: 2 });
  await vi.waitUntil(
    () => folder.index.footageFiles({ cameraId: TEST_CAMERA, range: ALWAYS }).length >= 3,
    LONG,
  );
  await recorder.stop();
}, 60_000);

afterAll(async () => {
  await folder.close();
  await camera.close();
});

test("frames begin when they came, however unevenly, each once and in order", () => {
  const instants = frameInstants({ index: folder.index, cameraId: TEST_CAMERA, range: ALWAYS });
  const steps = instants.slice(1).map((atUs, at) => atUs - (instants[at] ?? 0));
  expect(steps.every((stepUs) => stepUs > 0)).toBe(true);
  expect(steps.filter((stepUs) => stepUs < 300_000).length).toBeGreaterThanOrEqual(20);
  expect(steps.filter((stepUs) => stepUs > 600_000).length).toBeGreaterThanOrEqual(2);
  const sent = camera.sent().pictures.map(({ sentUs }) => sentUs);
  for (const atUs of instants)
    expect(Math.min(...sent.map((us) => Math.abs(us - atUs)))).toBeLessThan(300_000);
});

test("those of a range alone are told", () => {
  const all = frameInstants({ index: folder.index, cameraId: TEST_CAMERA, range: ALWAYS });
  const [from = 0, to = 0] = [all[5], all[9]];
  const range = { startUtcMs: Math.floor(from / 1000) + 1, endUtcMs: Math.ceil(to / 1000) };
  expect(frameInstants({ index: folder.index, cameraId: TEST_CAMERA, range })).toEqual(
    all.slice(6, 9 + (to < range.endUtcMs * 1000 ? 1 : 0)),
  );
});
