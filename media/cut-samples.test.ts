import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cutSamples } from "./cut-samples.ts";
import { planProgressiveFile, type PlacedSample } from "./progressive-writer.ts";
import {
  ffprobe,
  makeFolder,
  numberedPictures,
  record,
  removeFolder,
  shownPictures,
  type Recording,
} from "./testing/ffmpeg-footage.ts";
import { browserPath, launchBrowser } from "./testing/installed-browser.ts";
import { compositionTimes, planRecording, readRange, type RecordedPlan } from "./testing/recorded-plan.ts";

let folder: string;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => removeFolder(folder));

async function exportCut(
  plan: RecordedPlan,
  recording: Recording,
  from: number,
  to: number,
): Promise<Buffer> {
  const cut = cutSamples(plan.samples, from, to)!;
  const { samples, edits } = cut;
  return readRange(
    planProgressiveFile([{ ...plan, samples, edits }], { createdUtcMs: 0 }),
    recording.segments,
  );
}

/** Plays a file to its end in a browser: numbers of the first and last picture shown, and how long it is. */
async function playInBrowser(
  file: Buffer,
): Promise<{ first: number; last: number; durationSeconds: number }> {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.setContent("<video muted></video><canvas width=128 height=64></canvas>");
    return await page.evaluate(`(${playAndReadNumbers})("data:video/mp4;base64,${file.toString("base64")}")`);
  } finally {
    await browser.close();
  }
}

// Runs inside the page, whose types are not those of Node; hence a string.
const playAndReadNumbers = `async (url) => {
  const video = document.querySelector("video");
  const context = document.querySelector("canvas").getContext("2d");
  const number = () => {
    context.drawImage(video, 0, 0);
    const bits = Array.from({ length: 8 }, (_, i) => context.getImageData(i * 16 + 8, 32, 1, 1).data[0] > 110);
    return bits.reduce((sum, bit, i) => sum + (bit ? 2 ** i : 0), 0) - 1;
  };
  const happened = (name) => new Promise((resolve, reject) => {
    video.addEventListener(name, resolve, { once: true });
    video.addEventListener("error", () => reject(new Error(video.error.message)), { once: true });
  });
  const painted = () => new Promise((resolve) => video.requestVideoFrameCallback(resolve));
  const shown = painted();
  video.src = url;
  await shown;
  const first = number();
  // At the end it may be longer by the frames that a B-frame shown last had to have decoded.
  const durationSeconds = video.duration;
  const ended = happened("ended");
  video.playbackRate = 4;
  await video.play();
  await ended;
  // A busy machine drops pictures, the last one too; at a standstill it is shown, some time after "seeked".
  const lastPainted = new Promise((resolve) => {
    const look = (_, { mediaTime }) =>
      mediaTime > durationSeconds - 0.045 ? resolve() : video.requestVideoFrameCallback(look);
    video.requestVideoFrameCallback(look);
  });
  video.currentTime = durationSeconds - 0.01;
  await Promise.race([lastPainted, new Promise((resolve) => setTimeout(resolve, 10_000))]);
  return { first, last: number(), durationSeconds };
}`;

describe.each(["plain", "bFrames", "hevc"] as const)("a cut of %s", (kind) => {
  let recording: Recording;
  let plan: RecordedPlan;
  let times: number[];
  beforeAll(async () => {
    recording = await record(folder, kind, {}, numberedPictures);
    plan = planRecording(recording)[0]!;
    times = compositionTimes(plan);
  });

  test("shows exactly the frames on screen in that time, wherever it begins and ends", async () => {
    const source = await shownPictures(recording.joinedPath);
    for (const [first, end] of [
      [0, 150],
      [35, 111],
      [48, 51],
      [50, 51],
      [99, 101],
      [25, 75],
    ] as const) {
      // A start within a frame shows that frame; an end within a frame still shows it.
      const file = await exportCut(plan, recording, times[first]! + 7, times[end - 1]! + 7);
      const path = join(folder, "cut.mp4");
      await writeFile(path, file);
      expect(await shownPictures(path)).toEqual(source.slice(first, end));
      const answer = await ffprobe<{ format: { duration: string } }>("-show_format", path);
      expect(Number(answer.format.duration)).toBeCloseTo((end - first) / 25, 5);
    }
  });

  // The second part of the H.265 recording begins with pictures of an open GOP, which cannot be decoded there.
  test.skipIf(kind === "hevc")(
    "a hole is made by a longer last sample, and no frame is lost, added or out of its time (not where an open GOP follows it)",
    async () => {
      const firstPart = cutSamples(plan.samples, times[35]!, times[50]!)!;
      const secondPart = cutSamples(plan.samples, times[100]!, times[120]!)!;
      const holeTicks = (times[1]! - times[0]!) * 100;
      const samples = [...firstPart.samples, ...secondPart.samples];
      const last = firstPart.samples.length - 1;
      samples[last] = { ...samples[last]!, durationTicks: samples[last]!.durationTicks + holeTicks };
      const [edit] = firstPart.edits;
      const edits = [
        { ...edit!, durationTicks: edit!.durationTicks + holeTicks + secondPart.edits[0]!.durationTicks },
      ];
      const file = planProgressiveFile([{ ...plan, samples, edits }], { createdUtcMs: 0 });
      const path = join(folder, "hole.mp4");
      await writeFile(path, await readRange(file, recording.segments));
      const source = await shownPictures(recording.joinedPath);
      expect(await shownPictures(path)).toEqual([...source.slice(35, 50), ...source.slice(100, 120)]);
      const show = ["-select_streams", "v", "-show_frames", "-show_entries", "frame=pts_time"];
      const { frames } = await ffprobe<{ frames: { pts_time: string }[] }>(...show, path);
      const expected = Array.from({ length: 35 }, (_, index) => (index < 15 ? index : index + 100) / 25);
      expect(frames.map((frame) => Number(frame.pts_time))).toEqual(
        expected.map((value) => expect.closeTo(value, 5)),
      );
    },
  );

  test.skipIf(browserPath === "" || kind === "hevc")(
    "a browser shows the same first and last frame and the same duration (needs Chromium, which has no H.265 decoder)",
    async () => {
      const played = await playInBrowser(await exportCut(plan, recording, times[35]!, times[111]!));
      expect(played).toEqual({ first: 35, last: 110, durationSeconds: expect.closeTo(76 / 25, 5) as number });
    },
  );
});

describe("cutting sample tables", () => {
  const samples = fc
    .array(fc.record({ isSync: fc.boolean(), durationTicks: fc.integer({ min: 1, max: 9 }) }), {
      minLength: 1,
      maxLength: 40,
    })
    .map((list) =>
      list.map((sample, index): PlacedSample => {
        return { ...sample, source: 0, offset: index, sizeBytes: 1, compositionOffsetTicks: 0 };
      }),
    );

  test("keeps what is on screen, from a sync sample if there is one before, and nothing behind", () => {
    const property = fc.property(
      samples,
      fc.nat(400),
      fc.integer({ min: 1, max: 100 }),
      (list, start, length) => {
        const total = list.reduce((sum, sample) => sum + sample.durationTicks, 0);
        const cut = cutSamples(list, start, start + length);
        expect(cut === undefined).toBe(start >= total);
        if (!cut) return;
        expect(cut.startTicks).toBeLessThanOrEqual(start);
        expect(cut.endTicks).toBeGreaterThanOrEqual(Math.min(start + length, total));
        expect(cut.firstIndex === 0 || list[cut.firstIndex]!.isSync).toBe(true);
        const kept = cut.samples.reduce((sum, sample) => sum + sample.durationTicks, 0);
        expect(cut.edits[0]!.mediaStartTicks + cut.edits[0]!.durationTicks).toBe(kept);
      },
    );
    fc.assert(property, { numRuns: 500 });
  });
});
