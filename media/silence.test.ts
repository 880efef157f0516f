import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bufferSource } from "./byte-source.ts";
import { planProgressiveFile } from "./progressive-writer.ts";
import { readProgressiveFile } from "./progressive-reader.ts";
import { silentPacket } from "./silence.ts";
import { ffmpeg, makeFolder, removeFolder } from "./testing/ffmpeg-footage.ts";
import { readRange } from "./testing/recorded-plan.ts";
import type { Track } from "./track.ts";

let folder: string;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => removeFolder(folder));

async function trackOf(...encoder: string[]): Promise<Track> {
  const path = join(folder, "tone.mp4");
  await ffmpeg("-f", "lavfi", "-i", "sine=d=0.5:r=48000", ...encoder, path);
  const [track] = await readProgressiveFile(bufferSource(await readFile(path)));
  return track!.track;
}

function preSkip({ sampleEntry }: Track): number {
  return sampleEntry.readUInt16BE(sampleEntry.indexOf("dOps") + 6);
}

/** What ffmpeg decodes of so many silent packets: 16-bit samples of all channels, and every complaint. */
async function decoded(track: Track, count: number): Promise<{ samples: Int16Array; complaints: string }> {
  const { bytes, seconds } = silentPacket(track)!;
  const durationTicks = seconds * track.timescale;
  const common = { source: 0, offset: 0, sizeBytes: bytes.length, compositionOffsetTicks: 0, isSync: true };
  const samples = Array.from({ length: count }, () => ({ ...common, durationTicks }));
  const path = join(folder, "silence.mp4");
  const plan = planProgressiveFile([{ track, samples, edits: [] }], { createdUtcMs: 0 });
  await writeFile(path, await readRange(plan, [bytes]));
  const raw = ["-v", "warning", "-i", path, "-f", "s16le", "-"];
  const { stdout, stderr } = await promisify(execFile)("ffmpeg", raw, { encoding: "buffer" });
  return { samples: new Int16Array(new Uint8Array(stdout).buffer), complaints: stderr.toString() };
}

describe.each([
  ["AAC, mono, 48 kHz", 1, ["-ac", "1", "-c:a", "aac"], 1024 / 48_000],
  ["AAC, stereo, 44.1 kHz", 2, ["-ac", "2", "-ar", "44100", "-c:a", "aac"], 1024 / 44_100],
  ["AAC, mono, 8 kHz", 1, ["-ac", "1", "-ar", "8000", "-c:a", "aac"], 1024 / 8_000],
  ["Opus, mono", 1, ["-ac", "1", "-c:a", "libopus"], 0.02],
  ["Opus, stereo", 2, ["-ac", "2", "-c:a", "libopus"], 0.02],
] as const)("a silent packet of %s", (_name, channels, encoder, seconds) => {
  test("decodes to nothing but zeros, as long as it says", async () => {
    const track = await trackOf(...encoder);
    expect(silentPacket(track)?.seconds).toBe(seconds);
    const { samples, complaints } = await decoded(track, 50);
    expect(complaints).toBe("");
    expect(samples.every((sample) => sample === 0)).toBe(true);
    // What a decoder of Opus leaves out at the start stands in the sample entry (`dOps`).
    const skipped = track.codec === "Opus" ? preSkip(track) : 0;
    expect(samples.length).toBe((Math.round(50 * seconds * track.timescale) - skipped) * channels);
  });
});

test("for other sound none is known", async () => {
  expect(silentPacket(await trackOf("-ac", "6", "-c:a", "aac"))).toBeUndefined();
  expect(silentPacket(await trackOf("-c:a", "libmp3lame"))).toBeUndefined();
  const damaged = await trackOf("-c:a", "aac");
  const sampleEntry = Buffer.from(damaged.sampleEntry);
  sampleEntry.fill(0xff, sampleEntry.indexOf("esds") + 8);
  expect(silentPacket({ ...damaged, sampleEntry })).toBeUndefined();
});
