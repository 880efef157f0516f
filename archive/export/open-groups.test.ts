import { buffer } from "node:stream/consumers";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { wholeFile } from "#media/virtual-file.ts";
import { FRAME_MS, makeNumberedClip, shownFrames } from "../testing/numbered-clip.ts";
import { ALWAYS, recordedFolder, TEST_CAMERA, type RecordedFolder } from "../testing/recorded-folder.ts";
import { exportDesk } from "./export-desk.ts";

/** Frames from one key frame to the next, and in an export: ffmpeg keeps the last of a shorter one to itself. */
const GROUP = 12;
const LENGTH = 8;
const LONG = { timeout: 40_000, interval: 100 };

let folder: RecordedFolder;
beforeEach(async () => {
  folder = await recordedFolder();
});
afterEach(() => folder.close());

test("of groups whose first pictures need the one before, each range shows its frames, whole", async () => {
  const source = await makeNumberedClip(folder.dir, "open");
  const recorder = folder.record(source, { fileSeconds: 1 });
  const rows = () => folder.index.footageFiles({ cameraId: TEST_CAMERA, range: ALWAYS });
  await expect.poll(() => rows().length, LONG).toBeGreaterThanOrEqual(4);
  await recorder.stop();
  const desk = exportDesk(folder.dir, folder.index);
  const path = join(folder.dir, "export.mp4");
  const fromMs = Math.ceil((rows()[1]?.startUs ?? 0) / 1000);
  const wrong: string[] = [];
  // The loop need not begin with the minute.
  let first: number | undefined;
  for (let frame = 0; frame < GROUP; frame += 1) {
    const startUtcMs = fromMs + frame * FRAME_MS;
    const planned = await desk.plan({
      cameraId: TEST_CAMERA,
      range: { startUtcMs, endUtcMs: startUtcMs + LENGTH * FRAME_MS },
    });
    const frames = await shownFrames(await buffer(desk.read(planned, wholeFile(planned.plan))), path);
    const shown = frames.map(({ number }) => number);
    first ??= shown[0] ?? -1;
    const numbers = Array.from({ length: LENGTH }, (_unused, at) => (Number(first) + frame + at) % 600);
    if (shown.join() !== numbers.join()) wrong.push(`${shown.join(" ")} for ${numbers.join(" ")}`);
  }
  expect(wrong).toEqual([]);
}, 90_000);
