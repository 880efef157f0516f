import { afterEach, beforeEach, expect, test } from "vitest";
import { joinStretches } from "../index/runs.ts";
import { makeAnnexBClip } from "../testing/odd-camera/annex-b-clip.ts";
import { measureRecording } from "../testing/odd-camera/measured-recording.ts";
import { startOddCamera } from "../testing/odd-camera/odd-camera.ts";
import { ALWAYS, recordedFolder, TEST_CAMERA, type RecordedFolder } from "../testing/recorded-folder.ts";

const LONG = { timeout: 40_000, interval: 100 };
const FPS = 10;
const CHANGES_S = 4;

/** What may be lost: frames in a row that say so, those inside ffmpeg, and what is sent while the camera is asked anew. */
const LOST_MOST_S = 6;

let folder: RecordedFolder;

beforeEach(async () => {
  folder = await recordedFolder();
});

afterEach(() => folder.close());

test.each([
  ["h264", "h265", "and goes on in the same connection", {}],
  ["h265", "h264", "and goes on in the same connection", {}],
  ["h264", "h265", "and closes the connection", { lifeS: CHANGES_S }],
] as const)(
  "a camera that is set from %s to %s, %s, is recorded in both, with the time between named",
  async (before, after, _, oddity) => {
    const wish = { size: "160x90", rate: FPS, group: FPS, seconds: 10 };
    const clip = await makeAnnexBClip({ ...wish, codec: before });
    const laterClip = { atS: CHANGES_S, clip: await makeAnnexBClip({ ...wish, codec: after }) };
    const camera = await startOddCamera({ clip, laterClip, fps: FPS, ...oddity });
    try {
      const recorder = folder.record({ kind: "rtsp", url: camera.url }, { fileSeconds: 1 });
      const codecs = () => folder.index.sessions(TEST_CAMERA).map(({ codec }) => codec.slice(0, 4));
      const name = { h264: "avc1", h265: "hvc1" };
      await expect.poll(codecs, LONG).toEqual([name[before], name[after]]);
      const [, second] = folder.index.sessions(TEST_CAMERA);
      // Who came later counts as one who stayed after some seconds.
      const later = () =>
        folder.index.footageFiles({ cameraId: TEST_CAMERA, range: ALWAYS, recording: second?.name }).length;
      await expect.poll(later, LONG).toBeGreaterThanOrEqual(4);
      expect(recorder.problem).toBeNull();
      const stopUs = Date.now() * 1000;
      await recorder.stop();
      const found = await measureRecording(folder.dir, TEST_CAMERA, camera, stopUs);
      // What ffmpeg takes for the end of the last frame may be of the other codec.
      expect(found.foreign).toBeLessThanOrEqual(1);
      expect(found.missing).toBeLessThanOrEqual(LOST_MOST_S * FPS);
      const [one, two] = joinStretches(folder.index.stretches({ cameraId: TEST_CAMERA, range: ALWAYS }));
      expect((two?.startUs ?? 0) - (one?.endUs ?? 0)).toBeGreaterThan(0);
      const said = "lifeS" in oddity ? "nothing is recorded" : "format changed";
      expect(folder.lines.join("\n")).toContain(said);
    } finally {
      await camera.close();
    }
  },
  60_000,
);
