import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { initFile } from "../ground/archive-folder.ts";
import { exportDesk } from "../export/export-desk.ts";
import { readSessionMedia } from "../index/recorded-footage-file.ts";
import { unpackSamples } from "../index/sample-table.ts";
import { instantUs, soundClock } from "../index/session-clock.ts";
import { makeLoopClipWithSound } from "../testing/loop-clip-for-tests.ts";
import { ALWAYS, recordedFolder, TEST_CAMERA, type RecordedFolder } from "../testing/recorded-folder.ts";
import { withoutSecrets } from "./recorder-command.ts";
import { readStreams } from "./source-streams.ts";

const LONG = { timeout: 25_000, interval: 100 };

let folder: RecordedFolder;

beforeEach(async () => {
  folder = await recordedFolder();
});

afterEach(() => folder.close());

describe("sound", () => {
  test.each([
    ["aac", "mp4a.40.2", 1024],
    ["libopus", "Opus", 960],
  ])(
    "in %s is recorded and stands beside the picture in the index",
    async (encoder, codec, packet) => {
      const { index, dir } = folder;
      const recorder = folder.record(await makeLoopClipWithSound(dir, encoder), { fileSeconds: 2 });
      await expect
        .poll(() => index.footageFiles({ cameraId: TEST_CAMERA, range: ALWAYS }).length, LONG)
        .toBeGreaterThanOrEqual(3);
      expect(recorder.problem).toBeNull();
      await recorder.stop();
      const [session] = index.sessions(TEST_CAMERA);
      expect(session?.sound).toMatchObject({ codec, timeScale: 48_000 });
      const clock = session === undefined ? null : soundClock(session);
      if (session === undefined || clock === null) throw new Error("No sound was recorded.");
      // The last footage file is as long as the recorder was left to live.
      const rows = index.footageFiles({ cameraId: TEST_CAMERA, range: ALWAYS }).slice(0, -1);
      const starts = rows.map((row) => {
        const sound = unpackSamples(index.soundSamples(row.id) ?? Buffer.alloc(8));
        expect(sound.samples.length).toBeGreaterThan(80);
        return instantUs(clock, sound.firstDecodeTicks);
      });
      // Sound and picture of a footage file begin together, to within the packets that lie across the cut.
      starts.forEach((us, at) => expect(Math.abs(us - (rows[at]?.startUs ?? 0))).toBeLessThan(100_000));
      const media = readSessionMedia(await readFile(initFile(dir, TEST_CAMERA, session.name)));
      expect(media.sound?.track.codec).toBe(codec);
      const second = unpackSamples(index.soundSamples(rows[1]?.id ?? 0) ?? Buffer.alloc(8));
      expect(second.samples[5]?.durationTicks).toBe(packet);
    },
    40_000,
  );

  test("that MP4 cannot hold is left out with a sentence, and the picture is recorded", async () => {
    const recorder = folder.record(await makeLoopClipWithSound(folder.dir, "pcm_mulaw"), {
      fileSeconds: 2,
    });
    await expect.poll(() => recorder.state, LONG).toBe("recording");
    expect(recorder.problem).toMatchObject({
      code: "SOUND_LEFT_OUT",
      message: expect.stringContaining("G.711 µ-law"),
    });
    expect(folder.lines.join("\n")).toContain("G.711 µ-law");
    const [session] = folder.index.sessions(TEST_CAMERA);
    expect(session?.sound).toBeNull();
    const [row] = folder.index.footageFiles({ cameraId: TEST_CAMERA, range: ALWAYS });
    const range = { startUtcMs: (row?.startUs ?? 0) / 1000, endUtcMs: (row?.endUs ?? 0) / 1000 };
    const { plan } = await exportDesk(folder.dir, folder.index).plan({ cameraId: TEST_CAMERA, range });
    expect(plan.leftOut).toEqual([{ kind: "sound", format: "G.711 µ-law" }]);
    expect(plan.cameraTime).toBeNull();
  }, 40_000);
});

describe("what ffmpeg says of a source", () => {
  const picture = "  Stream #0:0: Video: h264 (High), yuv420p";
  const g711 = "  Stream #0:1: Audio: pcm_alaw, 8000 Hz";
  const leftOut = { kind: "sound", format: "G.711 A-law" } as const;
  test.each([
    [[picture], ["0:v:0"], []],
    [[picture, "  Stream #0:1[0x2](und): Audio: aac (LC), 48000 Hz"], ["0:v:0", "0:a:0"], []],
    [[picture, g711, "  Stream #0:2: Audio: opus"], ["0:v:0", "0:a:1"], [leftOut]],
    [
      [picture, "  Stream #0:1: Data: none"],
      ["0:v:0"],
      [{ kind: "metadata", format: "application data" } as const],
    ],
    [[picture, g711], ["0:v:0"], [leftOut]],
    [
      ["  Stream #0:0: Video: mjpeg", "  Stream #0:1: Video: hevc (Main)"],
      ["0:v:1"],
      [{ kind: "picture", format: "MJPEG" } as const],
    ],
  ])("%j is recorded as %j, without %j", (lines, streams, without) => {
    expect(readStreams(lines.join("\n"))).toEqual({
      ...{ kind: "found", streams, leftOut: without },
      soundLeftOut: lines.includes(g711) && streams.length === 1 ? expect.stringContaining("A-law") : null,
    });
  });

  test.each([
    ["mjpeg (Baseline)", "MJPEG"],
    ["mpeg4 (Simple Profile)", "MPEG-4 part 2"],
  ])("whose picture is %s is refused by its name", (codec, name) => {
    expect(readStreams(`  Stream #0:0: Video: ${codec}, none`)).toEqual({
      kind: "refused",
      reason: expect.stringMatching(`sends ${name}.*is not recorded`),
    });
  });

  test("is refused by the description alone, where ffmpeg never finds out how large the pictures are", () => {
    const described = "[rtsp @ 0x1] SDP:\nv=0\r\nm=video 0 RTP/AVP 26\r\na=control:x\r\n";
    expect(readStreams(`${described}\n[rtsp @ 0x1] setting jitter buffer size to 0`)).toEqual({
      kind: "refused",
      reason: expect.stringContaining("sends MJPEG"),
    });
    // Cut off in the middle it says nothing yet.
    expect(readStreams(described).kind).toBe("failed");
  });

  test.each([
    ["rtsp://door/live: Protocol not supported", "rtsp://door/live: Protocol not supported"],
    [
      "[in#0 @ 0x55] Error opening input: Protocol not supported\nError opening input file rtsp://door/live.\nError opening input files: Protocol not supported\n\nExiting with exit code -93",
      "Protocol not supported",
    ],
  ])("of a camera that refuses is the line that says why, in every version: %j", (said, reason) => {
    const refused = `[rtsp @ 0x1] method SETUP failed: 461 Unsupported Transport\n${said}\n`;
    expect(readStreams(refused)).toEqual({ kind: "failed", reason });
  });

  test("without a picture is a failure in ffmpeg's own words, without a password", () => {
    const said = "rtsp://user:secret@door/: Connection refused\n";
    const source = { kind: "rtsp", url: "rtsp://user:secret@door/" } as const;
    expect(readStreams(withoutSecrets(said, source))).toEqual({
      kind: "failed",
      reason: "rtsp://door/: Connection refused",
    });
  });
});
