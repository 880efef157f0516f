import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { initFile } from "../archive-folder.ts";
import { readSessionMedia } from "../index/recorded-segment.ts";
import { unpackSamples } from "../index/sample-table.ts";
import { instantUs, soundClock } from "../index/session-clock.ts";
import { makeLoopClipWithSound } from "../test-archive/loop-clip-for-tests.ts";
import { ALWAYS, recordedFolder, TEST_CAMERA, type RecordedFolder } from "../test-archive/recorded-folder.ts";
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
      const recorder = folder.record(await makeLoopClipWithSound(dir, encoder), { segmentSeconds: 2 });
      await expect.poll(() => index.segments(TEST_CAMERA, ALWAYS).length, LONG).toBeGreaterThanOrEqual(3);
      expect(recorder.problem).toBeNull();
      await recorder.stop();
      const [session] = index.sessions(TEST_CAMERA);
      expect(session?.sound).toMatchObject({ codec, timeScale: 48_000 });
      const clock = session === undefined ? null : soundClock(session);
      if (session === undefined || clock === null) throw new Error("No sound was recorded.");
      // The last segment is as long as the recorder was left to live.
      const rows = index.segments(TEST_CAMERA, ALWAYS).slice(0, -1);
      const starts = rows.map((row) => {
        const sound = unpackSamples(index.soundSamples(row.id) ?? Buffer.alloc(8));
        expect(sound.samples.length).toBeGreaterThan(80);
        return instantUs(clock, sound.firstDecodeTicks);
      });
      // Sound and picture of a segment begin together, to within the packets that lie across the cut.
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
      segmentSeconds: 2,
    });
    await expect.poll(() => recorder.state, LONG).toBe("recording");
    expect(recorder.problem).toMatchObject({
      code: "SOUND_LEFT_OUT",
      message: expect.stringContaining("pcm_mulaw"),
    });
    expect(folder.lines.join("\n")).toContain("pcm_mulaw");
    expect(folder.index.sessions(TEST_CAMERA)[0]?.sound).toBeNull();
  }, 40_000);
});

describe("what ffmpeg says of a source", () => {
  const picture = "  Stream #0:0: Video: h264 (High), yuv420p";
  test.each([
    [[picture], ["0:0"], null],
    [[picture, "  Stream #0:1[0x2](und): Audio: aac (LC), 48000 Hz"], ["0:0", "0:1"], null],
    [
      [picture, "  Stream #0:1: Audio: pcm_alaw, 8000 Hz", "  Stream #0:2: Audio: opus"],
      ["0:0", "0:2"],
      null,
    ],
    [[picture, "  Stream #0:1: Data: onvif"], ["0:0"], null],
    [[picture, "  Stream #0:1: Audio: pcm_alaw, 8000 Hz"], ["0:0"], expect.stringContaining("pcm_alaw")],
  ])("%j is recorded as %j", (lines, streams, soundLeftOut) => {
    expect(readStreams(lines.join("\n"))).toEqual({ kind: "found", streams, soundLeftOut });
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
