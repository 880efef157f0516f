import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from "mediabunny";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bufferSource } from "./byte-source.ts";
import { planProgressiveFile, type PlacedSample } from "./progressive-writer.ts";
import { readProgressiveFile } from "./progressive-reader.ts";
import {
  ffprobe,
  makeFolder,
  packets,
  record,
  removeFolder,
  shownPictures,
  type Recording,
} from "./testing/ffmpeg-footage.ts";
import { compositionTimes, planRecording, readRange, type RecordedPlan } from "./testing/recorded-plan.ts";
import type { Edit, Track } from "./track.ts";

const createdUtcMs = Date.UTC(2026, 10, 23);
let folder: string;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => removeFolder(folder));

/** Makes the file with the given pictures as its edit, and gives its path. */
async function exportPictures(
  recording: Recording,
  plans: RecordedPlan[],
  first: number,
  count: number,
  name: string,
) {
  const [video, ...others] = plans as [RecordedPlan, ...RecordedPlan[]];
  const times = compositionTimes(video);
  const start = times[first]!;
  const duration = times[1]! - times[0]!;
  const edits = [{ mediaStartTicks: start, durationTicks: count * duration }];
  const file = planProgressiveFile([{ ...video, edits }, ...others], { createdUtcMs });
  const path = join(folder, `${name}.mp4`);
  const bytes = await readRange(file, recording.mediaSegments);
  expect(bytes.length).toBe(file.lengthBytes);
  await writeFile(path, bytes);
  return { path, bytes, edits };
}

const kinds = [
  { name: "H.264 without B-frames", kind: "plain", options: {} },
  { name: "H.264 with B-frames, unsigned offsets", kind: "bFrames", options: {} },
  { name: "H.264 with B-frames, negative offsets", kind: "bFrames", options: { negativeOffsets: true } },
  { name: "H.265 with open GOPs", kind: "hevc", options: {} },
] as const;

describe.each(kinds)("$name", ({ kind, options, name }) => {
  let recording: Recording;
  let plans: RecordedPlan[];
  beforeAll(async () => {
    recording = await record(folder, kind, options);
    plans = planRecording(recording);
  });

  test("the recording has the composition offsets that are to be tested", () => {
    const offsets = plans[0]!.samples.map((sample) => sample.compositionOffsetTicks);
    expect(plans[0]!.samples.length).toBe(150);
    expect(Math.min(...offsets) < 0).toBe("negativeOffsets" in options);
    expect(new Set(offsets).size > 1).toBe(kind !== "plain");
  });

  test("shows exactly the pictures asked for, from the middle of a GOP to the middle of another", async () => {
    const source = await shownPictures(recording.joinedPath);
    expect(new Set(source).size).toBe(150);
    // 35 to 111: ten pictures after a key frame, and into the media segment after next.
    for (const first of [0, 35, 36, 37]) {
      const { path } = await exportPictures(recording, plans, first, 76, `${name}-${first}`);
      expect(await shownPictures(path)).toEqual(source.slice(first, first + 76));
    }
  });

  test("carries every packet untouched and lasts what was asked", async () => {
    const { path } = await exportPictures(recording, plans, 35, 76, name);
    expect(await packets(path)).toEqual(await packets(recording.joinedPath));
    const answer = await ffprobe<{ format: { duration: string } }>("-show_format", path);
    expect(Number(answer.format.duration)).toBeCloseTo(76 / 25, 6);
  });

  test("is read by mediabunny with the same first and last instant", async () => {
    const { bytes } = await exportPictures(recording, plans, 35, 76, name);
    using input = new Input({ formats: ALL_FORMATS, source: new BufferSource(bytes) });
    const track = await input.getPrimaryVideoTrack();
    expect(track?.codec).toBe(kind === "hevc" ? "hevc" : "avc");
    // mediabunny always says hev1, whichever of the two names the file has.
    expect((await track?.getCodecParameterString())?.replace("hev1", "hvc1")).toBe(plans[0]!.track.codec);
    const sink = new EncodedPacketSink(track!);
    const first = await sink.getPacket(0);
    expect(first?.timestamp).toBeCloseTo(0, 6);
    const shown: number[] = [];
    for await (const packet of sink.packets()) shown.push(packet.timestamp);
    expect(shown.length).toBe(150);
  });

  test("is read back with the same samples, up to the shift of negative offsets", async () => {
    const { bytes, edits } = await exportPictures(recording, plans, 35, 76, name);
    const [read] = await readProgressiveFile(bufferSource(bytes));
    const { track, samples } = plans[0]!;
    const shift = -Math.min(0, ...samples.map((sample) => sample.compositionOffsetTicks));
    expect(read!.track).toEqual(track);
    expect(read!.edits).toEqual(
      edits.map((edit) => ({ ...edit, mediaStartTicks: edit.mediaStartTicks + shift })),
    );
    const expected = samples.map((sample) => ({
      ...sample,
      source: 0,
      offset: 0,
      compositionOffsetTicks: sample.compositionOffsetTicks + shift,
    }));
    expect(Array.from(read!.samples, (sample) => ({ ...sample, source: 0, offset: 0 }))).toEqual(expected);
  });

  test("is shown from its first picture when no edit is given", async () => {
    const file = planProgressiveFile(plans, { createdUtcMs });
    const path = join(folder, `${name}-whole.mp4`);
    await writeFile(path, await readRange(file, recording.mediaSegments));
    expect(await shownPictures(path)).toEqual(await shownPictures(recording.joinedPath));
  });

  test("is the same file every time", () => {
    const digest = () =>
      createHash("sha256").update(planProgressiveFile(plans, { createdUtcMs }).header).digest("hex");
    expect(digest()).toBe(digest());
  });
});

describe("picture and sound", () => {
  test("both are carried untouched, taking turns of half a second", async () => {
    const recording = await record(folder, "bFrames", { sound: true });
    const plans = planRecording(recording);
    expect(plans.map(({ track }) => track.codec)).toEqual([expect.stringMatching(/^avc1\./), "mp4a.40.2"]);
    const { path, bytes } = await exportPictures(recording, plans, 35, 76, "sound");
    expect(await packets(path, "v")).toEqual(await packets(recording.joinedPath, "v"));
    expect(await packets(path, "a")).toEqual(await packets(recording.joinedPath, "a"));
    const [video, audio] = await readProgressiveFile(bufferSource(bytes));
    expect(audio!.samples.at(0)!.offset).toBeLessThan(video!.samples.at(20)!.offset);
    expect(await shownPictures(path)).toEqual((await shownPictures(recording.joinedPath)).slice(35, 111));
  });
});

describe("tables at their limits", () => {
  const track: Track = {
    trackId: 1,
    handler: "vide",
    timescale: 90_000,
    codec: "avc1",
    width: 16,
    height: 16,
    sampleEntry: Buffer.from("000000106176633100000000000000010000000000000000", "hex").subarray(0, 16),
  };
  const samplesOf = (count: number, sizeBytes: number): PlacedSample[] =>
    Array.from({ length: count }, (_, index) => ({
      source: 0,
      offset: index * sizeBytes,
      sizeBytes: sizeBytes - (index % 2),
      durationTicks: 3600 + (index % 3),
      compositionOffsetTicks: (index % 4) * 3600,
      isSync: index % 50 === 0,
    }));

  test("a file of over 4 GiB has 64-bit chunk offsets and a 64-bit mdat, and its header is read back", async () => {
    const samples = samplesOf(30, 0x0fff_fff0);
    const edits = [{ mediaStartTicks: 6_000_000_000, durationTicks: 5_000_000_000 }];
    const file = planProgressiveFile([{ track, samples, edits }], { createdUtcMs });
    expect(file.header.includes("co64")).toBe(true);
    expect(file.header.readUInt32BE(file.header.length - 16)).toBe(1);
    const source = { ...bufferSource(file.header), lengthBytes: file.lengthBytes };
    const [read] = await readProgressiveFile(source);
    expect(read!.edits).toEqual(edits);
    const last = read!.samples.at(-1)!;
    expect(last.offset + last.sizeBytes).toBe(file.lengthBytes);
  });

  test("1.3 million samples are planned in seconds, and adjacent pieces are one", () => {
    const samples = samplesOf(1_300_000, 20_000).map((sample) => ({ ...sample, sizeBytes: 20_000 }));
    const started = performance.now();
    const file = planProgressiveFile([{ track, samples, edits: [] }], { createdUtcMs });
    expect(performance.now() - started).toBeLessThan(20_000); // What looks at all samples for each takes minutes.
    expect(file.pieces).toEqual([{ source: 0, offset: 0, lengthBytes: 26_000_000_000 }]);
  });

  test("nothing shown in the middle is refused, as players would show other footage there", () => {
    const shown = { mediaStartTicks: 0, durationTicks: 90_000 };
    const nothing = { mediaStartTicks: -1, durationTicks: 90_000 };
    const plan = (...edits: Edit[]) =>
      planProgressiveFile([{ track, samples: samplesOf(99, 9), edits }], { createdUtcMs });
    expect(plan(nothing, shown).header.includes("elst")).toBe(true);
    expect(() => plan(shown, nothing, shown)).toThrow(expect.objectContaining({ code: "UNSUPPORTED" }));
    expect(() => plan(nothing)).toThrow(expect.objectContaining({ code: "UNSUPPORTED" }));
  });

  test("a file without a sample is refused", () => {
    expect(() => planProgressiveFile([{ track, samples: [], edits: [] }], { createdUtcMs })).toThrow(
      expect.objectContaining({ code: "NO_SAMPLES" }),
    );
  });
});
