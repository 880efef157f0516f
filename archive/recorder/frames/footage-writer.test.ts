import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Track } from "#media/track.ts";
import { sessionFolder } from "../../ground/archive-folder.ts";
import { findHoles, readPictureSamples, readSessionMedia } from "../../index/recorded-footage-file.ts";
import { instantUs } from "../../index/session-clock.ts";
import { readSessionFile } from "../../index/session-indexer.ts";
import { finishLeftFiles } from "../left-footage-files.ts";
import { locateFfmpeg } from "../ffmpeg-location.ts";
import { FootageWriter, type DatedSample, type FootageWriterOptions } from "./footage-writer.ts";
import { pipeReader, type PipedSample } from "./pipe-reader.ts";

const START_US = 1_790_000_000_000_000;
const CAMERA = "door";

let dir: string;
let finished: string[];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-desk-writer-"));
  finished = [];
});

afterEach(() => rm(dir, { recursive: true, force: true }));

const H264 = ["-c:v", "libx264"];
const H265 = ["-c:v", "libx265", "-x265-params", "log-level=none"];

/** One-frame fragments of a real encoder: 40 frames, a key frame every 10. */
async function pipedClip(encoder = H264): Promise<{ track: Track; samples: PipedSample[] }> {
  const clip = ["-f", "lavfi", "-i", "testsrc=size=96x64:rate=10", "-t", "4", ...encoder];
  const coding = ["-preset", "ultrafast", "-bf", "0", "-g", "10", "-pix_fmt", "yuv420p", "-f", "mp4"];
  const fragments = ["-movflags", "frag_every_frame+empty_moov+default_base_moof", "pipe:1"];
  const child = spawn(locateFfmpeg() ?? "ffmpeg", ["-v", "error", ...clip, ...coding, ...fragments], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let track: Track | null = null;
  const samples: PipedSample[] = [];
  const read = pipeReader({
    onTrack: (found) => (track = found),
    onSample: (sample) => samples.push(sample),
  });
  // In pieces that have nothing to do with its boxes.
  child.stdout.on("data", (bytes: Buffer) => {
    for (let at = 0; at < bytes.length; at += 777) read(bytes.subarray(at, at + 777));
  });
  await once(child, "close");
  if (track === null) throw new Error("ffmpeg gave out no track.");
  return { track, samples };
}

const writerOf = (picture: Track, more: Partial<FootageWriterOptions> = {}): FootageWriter =>
  new FootageWriter({
    ...{ dir, cameraId: CAMERA, picture, sound: null, fileUs: 1_000_000, sessionUs: 3_600_000_000 },
    formatOf: () => null,
    roomUs: () => 0,
    leftOut: [],
    ratio: null,
    onFile: (session, number) => finished.push(`${session}/${number}`),
    onFailure: (error) => {
      throw error;
    },
    ...more,
  });

const dated = (sample: PipedSample, instant: number): DatedSample => ({
  ...sample,
  instantUs: instant,
  decodeUs: instant,
});

/** The instants of all frames in a session's finished files, and their bytes. */
async function recorded(session: string): Promise<{ atUs: number; lastsUs: number; bytes: Buffer }[]> {
  const folder = sessionFolder(dir, CAMERA, session);
  const media = readSessionMedia(await readFile(join(folder, "init.mp4")));
  const stored = readSessionFile(folder);
  const clock = {
    startUs: stored?.startUs ?? 0,
    baseTime: stored?.baseTime ?? 0,
    timeScale: media.track.timescale,
  };
  const frames = [];
  for (const name of (await readdir(folder)).filter((each) => each.endsWith(".m4s")).sort()) {
    const bytes = await readFile(join(folder, name));
    const { firstDecodeTicks, samples } = readPictureSamples(media, bytes);
    let ticks = firstDecodeTicks;
    for (const { offset, sizeBytes, durationTicks } of samples) {
      const [atUs, endUs] = [instantUs(clock, ticks), instantUs(clock, ticks + durationTicks)];
      frames.push({ atUs, lastsUs: endUs - atUs, bytes: bytes.subarray(offset, offset + sizeBytes) });
      ticks += durationTicks;
    }
  }
  return frames;
}

describe("frames that were given their instants", () => {
  test("are found again with them, byte for byte, and each lasts until the next", async () => {
    const { track, samples } = await pipedClip();
    expect(samples).toHaveLength(40);
    const writer = writerOf(track);
    const instants = samples.map((_, at) => START_US + at * 100_000 + (at % 3) * 7_000);
    samples.forEach((sample, at) => writer.frame(dated(sample, instants[at] ?? 0)));
    await writer.end();
    const [session = ""] = [...new Set(finished.map((each) => each.slice(0, 13)))];
    expect(finished).toEqual([0, 1, 2, 3].map((number) => `${session}/${number}`));
    const frames = await recorded(session);
    expect(
      Buffer.concat(frames.map(({ bytes }) => bytes)).equals(
        Buffer.concat(samples.map(({ bytes }) => bytes)),
      ),
    ).toBe(true);
    frames.forEach(({ atUs, lastsUs }, at) => {
      expect(Math.abs(atUs - (instants[at] ?? 0))).toBeLessThanOrEqual(50);
      const next = instants[at + 1];
      if (next !== undefined) expect(Math.abs(atUs + lastsUs - next)).toBeLessThanOrEqual(50);
    });
  });

  test("go on in a new session at a key frame, without a hole and none twice", async () => {
    const { track, samples } = await pipedClip();
    const writer = writerOf(track, { sessionUs: 1_500_000 });
    samples.forEach((sample, at) => writer.frame(dated(sample, START_US + at * 100_000)));
    await writer.end();
    const sessions = [...new Set(finished.map((each) => each.slice(0, 13)))];
    expect(sessions).toHaveLength(2);
    const frames = (await Promise.all(sessions.map(recorded))).flat();
    expect(frames.map(({ atUs }) => atUs)).toEqual(samples.map((_, at) => START_US + at * 100_000));
    expect(readSessionFile(sessionFolder(dir, CAMERA, sessions[1] ?? ""))?.follows).toBe(true);
  });

  test("of H.265 lie under the name hvc1, which every player knows, and are those that came", async () => {
    const { track, samples } = await pipedClip(H265);
    expect(track.codec).toMatch(/^hev1/);
    const writer = writerOf(track);
    samples.forEach((sample, at) => writer.frame(dated(sample, START_US + at * 100_000)));
    await writer.end();
    const session = finished[0]?.slice(0, 13) ?? "";
    const init = await readFile(join(sessionFolder(dir, CAMERA, session), "init.mp4"));
    expect(readSessionMedia(init).track.codec).toBe(track.codec.replace("hev1", "hvc1"));
    expect((await recorded(session)).map(({ bytes }) => bytes)).toEqual(samples.map(({ bytes }) => bytes));
  });

  test.each([
    ["with a hole where some got lost", true],
    ["without one where the camera sent none for as long", false],
  ])("stand in the file %s", async (_, isLost) => {
    const { track, samples } = await pipedClip();
    const writer = writerOf(track);
    const laterUs = (at: number): number => START_US + at * 100_000 + (at < 5 ? 0 : 700_000);
    for (const [at, sample] of samples.slice(0, 10).entries())
      writer.frame({ ...dated(sample, laterUs(at)), isBehindLoss: isLost && at === 5 });
    await writer.end();
    const folder = sessionFolder(dir, CAMERA, finished[0]?.slice(0, 13) ?? "");
    const media = readSessionMedia(await readFile(join(folder, "init.mp4")));
    const read = readPictureSamples(media, await readFile(join(folder, "00000.m4s")));
    const { timescale } = media.track;
    const hole = {
      start: read.firstDecodeTicks + 0.5 * timescale,
      end: read.firstDecodeTicks + 1.2 * timescale,
    };
    expect(findHoles(read, timescale)).toEqual(isLost ? [hole] : []);
  });

  test("before the first key frame are left out", async () => {
    const { track, samples } = await pipedClip();
    const writer = writerOf(track);
    samples.slice(4, 12).forEach((sample, at) => writer.frame(dated(sample, START_US + at * 100_000)));
    await writer.end();
    expect(await recorded(finished[0]?.slice(0, 13) ?? "")).toHaveLength(2);
  });
});

describe("a footage file that a crash left open", () => {
  /** Everything but the end of a writer: what a kill leaves. */
  async function killed(): Promise<{ session: string; path: string; frames: number }> {
    const { track, samples } = await pipedClip();
    const writer = writerOf(track, { fileUs: 60_000_000 });
    samples.forEach((sample, at) => writer.frame(dated(sample, START_US + at * 100_000)));
    const camera = join(dir, "footage", CAMERA);
    const [session = ""] = await readdir(camera);
    const path = join(camera, session, "00000.m4s");
    const whole = samples.reduce((sum, { bytes }) => sum + bytes.length, 0);
    await expect
      .poll(async () => (await stat(`${path}.part`).catch(() => ({ size: 0 }))).size)
      .toBeGreaterThan(whole);
    return { session, path, frames: samples.length };
  }

  test("is footage with all its frames after the next start", async () => {
    const { session, frames } = await killed();
    expect(await finishLeftFiles(dir, () => undefined)).toBe(1);
    expect(await recorded(session)).toHaveLength(frames);
    expect(await finishLeftFiles(dir, () => undefined)).toBe(0);
  });

  test.each([
    ["in its last frame", (path: string, size: number) => truncate(path, size - 5), 39],
    [
      "by the header of a frame of which nothing came",
      (path: string) => appendFile(path, "\0\0\0\x70moof"),
      40,
    ],
  ])("loses no whole frame where it is torn %s", async (_how, tear, left) => {
    const { session, path } = await killed();
    await tear(`${path}.part`, (await stat(`${path}.part`)).size);
    const { mtimeMs } = await stat(`${path}.part`);
    expect(await finishLeftFiles(dir, () => undefined)).toBe(1);
    expect(await recorded(session)).toHaveLength(left);
    expect(Math.abs((await stat(path)).mtimeMs - mtimeMs)).toBeLessThan(1);
  });

  test("is removed where it holds no frame", async () => {
    const { path } = await killed();
    await writeFile(`${path}.part`, "nothing");
    expect(await finishLeftFiles(dir, () => undefined)).toBe(0);
    await expect(stat(`${path}.part`)).rejects.toThrow("ENOENT");
  });
});
