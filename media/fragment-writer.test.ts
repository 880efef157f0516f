import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bufferSource } from "./byte-source.ts";
import { writeFragmentHeader, writeInitSegment } from "./fragment-writer.ts";
import { readFragments, readInitSegment } from "./fragmented-reader.ts";
import { planProgressiveFile } from "./progressive-writer.ts";
import { readProgressiveFile, type ProgressiveTrack } from "./progressive-reader.ts";
import {
  ffmpeg,
  makeFolder,
  packets,
  pictureOptions,
  record,
  removeFolder,
  shownPictures,
} from "./testing/ffmpeg-footage.ts";
import { planRecording, readRange } from "./testing/recorded-plan.ts";
import type { Sample } from "./track.ts";

let folder: string;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(() => removeFolder(folder));

function mediaOf(file: Buffer, samples: Sample[]): Buffer[] {
  return samples.map((sample) => file.subarray(sample.offset, sample.offset + sample.sizeBytes));
}

/** Fragments of 25 samples, as a player is given them. */
function fragmented(file: Buffer, { track, samples: columns }: ProgressiveTrack): Buffer {
  const samples = [...columns];
  const parts = [writeInitSegment([track])];
  let baseDecodeTicks = 0;
  for (let first = 0; first < samples.length; first += 25) {
    const some = samples.slice(first, first + 25);
    parts.push(
      writeFragmentHeader(first / 25 + 1, { trackId: track.trackId, baseDecodeTicks, samples: some }),
    );
    parts.push(...mediaOf(file, some));
    baseDecodeTicks += some.reduce((sum, sample) => sum + sample.durationTicks, 0);
  }
  return Buffer.concat(parts);
}

describe.each(["plain", "bFrames"] as const)("fragments made from a progressive file (%s)", (kind) => {
  test("ffmpeg finds the same packets and pictures in them", async () => {
    const recording = await record(folder, kind);
    const plan = planProgressiveFile(planRecording(recording), { createdUtcMs: 0 });
    const file = await readRange(plan, recording.mediaSegments);
    const [video] = await readProgressiveFile(bufferSource(file));
    const path = join(folder, `${kind}-fragmented.mp4`);
    await writeFile(path, fragmented(file, video!));
    expect(await packets(path)).toEqual(await packets(recording.joinedPath));
    expect(await shownPictures(path)).toEqual(await shownPictures(recording.joinedPath));
  });

  test("a file that ffmpeg wrote, signed offsets or not, goes through them unchanged", async () => {
    const path = join(folder, `${kind}-ffmpeg.mp4`);
    const source = ["-f", "lavfi", "-i", "testsrc=s=160x120:r=25:d=2"];
    await ffmpeg(...source, ...pictureOptions[kind], "-movflags", "+negative_cts_offsets", path);
    const file = await readFile(path);
    const [video] = await readProgressiveFile(bufferSource(file));
    const bytes = fragmented(file, video!);
    expect(readInitSegment(bytes)).toEqual([video!.track]);
    const read = readFragments(bytes);
    const samples = read.flatMap((fragment) => fragment.tracks[0]!.samples);
    const withoutPlace = (list: Sample[]) => list.map((sample) => ({ ...sample, offset: 0 }));
    expect(withoutPlace(samples)).toEqual(withoutPlace([...video!.samples]));
    const media = Buffer.concat(mediaOf(file, [...video!.samples]));
    expect(Buffer.concat(mediaOf(bytes, samples)).equals(media)).toBe(true);
    expect(read.map((fragment) => fragment.tracks[0]!.baseDecodeTicks)).toEqual([0, 25 * 512]);
  });
});
