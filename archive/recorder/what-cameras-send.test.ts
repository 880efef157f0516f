import { readdir } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bufferSource } from "#media/byte-source.ts";
import { readProgressiveFile } from "#media/progressive-reader.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import { wholeFile } from "#media/virtual-file.ts";
import { footageFolder } from "../ground/archive-folder.ts";
import { exportDesk } from "../export/export-desk.ts";
import { joinStretches } from "../index/runs.ts";
import { makeAacUnits } from "../testing/odd-camera/aac-units.ts";
import { makeAnnexBClip } from "../testing/odd-camera/annex-b-clip.ts";
import { makeOddClip } from "../testing/loop-clip-for-tests.ts";
import { measureRecording } from "../testing/odd-camera/measured-recording.ts";
import { startOddCamera } from "../testing/odd-camera/odd-camera.ts";
import { thumbnails } from "../playback/thumbnails.ts";
import { startTestCamera } from "../testing/rtsp-server.ts";
import { ALWAYS, recordedFolder, TEST_CAMERA, type RecordedFolder } from "../testing/recorded-folder.ts";

const LONG = { timeout: 40_000, interval: 100 };

let folder: RecordedFolder;
const closing: (() => Promise<void>)[] = [];

beforeEach(async () => {
  folder = await recordedFolder();
});

afterEach(async () => {
  await folder.close();
  for (const close of closing.splice(0)) await close();
});

function recordedRange(): TimeRange {
  const rows = folder.index.footageFiles({ cameraId: TEST_CAMERA, range: ALWAYS });
  const [startUs, endUs] = [rows[0]?.startUs ?? 0, rows.at(-1)?.endUs ?? 0];
  return { startUtcMs: Math.floor(startUs / 1000), endUtcMs: Math.floor(endUs / 1000) };
}

test("metadata beside picture and sound, which comes first, disturbs neither, and is said to be left out", async () => {
  const clip = await makeAnnexBClip({ codec: "h264", size: "160x90", rate: 10, group: 10, seconds: 10 });
  const soundUnits = await makeAacUnits(10);
  const sound = { sound: "aac", soundUnits, isSoundFirst: true } as const;
  const camera = await startOddCamera({ clip, fps: 10, ...sound, metadataRate: 20 });
  closing.push(() => camera.close());
  const recorder = folder.record({ kind: "rtsp", url: camera.url }, { fileSeconds: 1 });
  const rows = () => folder.index.footageFiles({ cameraId: TEST_CAMERA, range: ALWAYS });
  await expect.poll(() => rows().length, LONG).toBeGreaterThanOrEqual(3);
  expect(recorder.problem).toBeNull();
  // Behind sound ffmpeg must be asked otherwise; that is found out without being told as a failure.
  expect(folder.lines.join("\n")).not.toContain("nothing is recorded");
  await recorder.stop();
  const range = {
    startUtcMs: (rows()[0]?.startUs ?? 0) / 1000,
    endUtcMs: (rows().at(-1)?.endUs ?? 0) / 1000,
  };
  const { plan } = await exportDesk(folder.dir, folder.index).plan({ cameraId: TEST_CAMERA, range });
  expect(plan.leftOut).toEqual([{ kind: "metadata", format: "ONVIF metadata" }]);
  expect(plan.gaps).toEqual([]);
  expect(folder.index.sessions(TEST_CAMERA)[0]?.sound?.codec).toBe("mp4a.40.2");
}, 60_000);

describe("a picture that changes its format in mid-stream", () => {
  test.each(["h264", "h265"] as const)(
    "of %s loses no frame, and no connection",
    async (codec) => {
      const wish = { codec, rate: 10, group: 10, seconds: 10 } as const;
      const clip = await makeAnnexBClip({ ...wish, size: "160x96" });
      const wide = await makeAnnexBClip({ ...wish, size: "320x192" });
      const camera = await startOddCamera({ clip, fps: 10, laterClip: { atS: 4, clip: wide } });
      closing.push(() => camera.close());
      const recorder = folder.record({ kind: "rtsp", url: camera.url }, { fileSeconds: 1 });
      const sizes = () => folder.index.sessions(TEST_CAMERA).map(({ width }) => width);
      await expect.poll(sizes, LONG).toEqual([160, 320]);
      const stopUs = Date.now() * 1000;
      await recorder.stop();
      expect(await measureRecording(folder.dir, TEST_CAMERA, camera, stopUs)).toMatchObject({
        ...{ share: 1, foreign: 0 },
      });
      expect(joinStretches(folder.index.stretches({ cameraId: TEST_CAMERA, range: ALWAYS }))).toHaveLength(1);
      expect(folder.lines.filter((line) => line.includes("nothing is recorded"))).toEqual([]);
      expect(folder.lines.join("\n")).toContain("320×192");
      const range = recordedRange();
      const { plan } = await exportDesk(folder.dir, folder.index).plan({ cameraId: TEST_CAMERA, range });
      expect(plan.gaps).toEqual([]);
    },
    60_000,
  );
});

describe("a picture that no browser shows", () => {
  test.each([
    ["mjpeg", "MJPEG"],
    ["mpeg4", "MPEG-4 part 2"],
  ] as const)(
    "as %s is refused by its name, until the camera sends another",
    async (kind, name) => {
      const camera = await startTestCamera(await makeOddClip(folder.dir, kind), undefined, undefined, kind);
      closing.push(() => camera.close());
      const recorder = folder.record({ kind: "rtsp", url: camera.url });
      await expect
        .poll(() => recorder.problem, LONG)
        .toMatchObject({
          code: "PICTURE_REFUSED",
          message: expect.stringMatching(`^This camera sends ${name}, which is not recorded`),
        });
      expect(recorder.state).toBe("no-signal");
      expect(folder.index.sessions(TEST_CAMERA)).toEqual([]);
      expect(await readdir(footageFolder(folder.dir)).catch(() => [])).toEqual([]);
    },
    60_000,
  );
});

test("a shape that is set for a camera is the one in which all is shown, and what it sent stays as it is", async () => {
  const clip = await makeAnnexBClip({ codec: "h264", size: "176x144", rate: 10, group: 10, seconds: 10 });
  const camera = await startOddCamera({ clip, fps: 10 });
  closing.push(() => camera.close());
  const source = { kind: "rtsp", url: camera.url, ratio: "16:9" } as const;
  const recorder = folder.record(source, { fileSeconds: 1 });
  const { dir, index } = folder;
  await expect
    .poll(() => index.footageFiles({ cameraId: TEST_CAMERA, range: ALWAYS }).length, LONG)
    .toBeGreaterThanOrEqual(2);
  const stopUs = Date.now() * 1000;
  await recorder.stop();
  const measured = await measureRecording(dir, TEST_CAMERA, camera, stopUs);
  expect(measured).toMatchObject({ share: 1, foreign: 0 });
  const range = recordedRange();
  const desk = exportDesk(dir, index);
  const planned = await desk.plan({ cameraId: TEST_CAMERA, range });
  expect(planned.plan).toMatchObject({ ratioSet: "16:9", width: 256, height: 144 });
  const file = await buffer(desk.read(planned, wholeFile(planned.plan)));
  const [track] = await readProgressiveFile(bufferSource(file));
  expect(track?.track).toMatchObject({ width: 256, height: 144 });
  const picture = await thumbnails(dir, index).at(TEST_CAMERA, range.startUtcMs + 500);
  // Height and width of a JPEG (ITU-T T.81, B.2.2).
  const at = picture.indexOf(Buffer.from([0xff, 0xc0]));
  expect([picture.readUInt16BE(at + 7), picture.readUInt16BE(at + 5)]).toEqual([320, 180]);
}, 60_000);
