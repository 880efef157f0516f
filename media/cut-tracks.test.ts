import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cutTracks, type AlignedTrack } from "./cut-tracks.ts";
import { presentationOffset } from "./edit-list.ts";
import { readInitEdits } from "./fragmented-reader.ts";
import { planProgressiveFile } from "./progressive-writer.ts";
import {
  ffmpeg,
  makeFolder,
  record,
  removeFolder,
  shownPictures,
  type Recording,
} from "./testing/ffmpeg-footage.ts";
import { planRecording, readRange } from "./testing/recorded-plan.ts";

let folder: string;
let recording: Recording;
let tracks: AlignedTrack[];
beforeAll(async () => {
  folder = await makeFolder();
  recording = await record(folder, "bFrames", { sound: true });
  const edits = readInitEdits(recording.init);
  tracks = planRecording(recording).map(({ track, samples }) => ({
    track,
    samples,
    presentationOffsetTicks: presentationOffset(edits.get(track.trackId)!),
  }));
});
afterAll(() => removeFolder(folder));

/** Sound as 16-bit samples at 44.1 kHz, decoded from the very first packet or as the edit list says. */
async function decodedSound(path: string, ...options: string[]): Promise<Buffer> {
  const raw = join(folder, "sound.raw");
  await ffmpeg(...options, "-i", path, "-map", "0:a", "-f", "s16le", "-c:a", "pcm_s16le", raw);
  return readFile(raw);
}

function largestDifference(heard: Buffer, expected: Buffer): number {
  let largest = 0;
  for (let at = 0; at < expected.length; at += 2) {
    largest = Math.max(largest, Math.abs(heard.readInt16LE(at) - expected.readInt16LE(at)));
  }
  return largest;
}

describe("cutting picture and sound by the same instants", () => {
  test("the recording begins with sound that is to be thrown away, so that the tracks do not lie alike", () => {
    const [video, sound] = tracks.map(
      ({ track, presentationOffsetTicks }) => presentationOffsetTicks / track.timescale,
    );
    expect(video).not.toBeCloseTo(sound!, 3);
  });

  test("the pictures are exact, and the sound is that of the same instants to the sample", async () => {
    const [video, sound] = tracks as [AlignedTrack, AlignedTrack];
    const startTicks = 35 * 512 + 1024;
    const presented = (startTicks + video.presentationOffsetTicks) / video.track.timescale;
    const cut = cutTracks(tracks, presented + 0.001, presented + 3.039)!;
    expect(cut.startSeconds).toBeCloseTo(presented, 9);
    expect(cut.endSeconds - cut.startSeconds).toBeCloseTo(76 / 25, 9);
    const path = join(folder, "cut.mp4");
    const file = planProgressiveFile(cut.plans, { createdUtcMs: 0 });
    await writeFile(path, await readRange(file, recording.segments));
    expect(await shownPictures(path)).toEqual((await shownPictures(recording.joinedPath)).slice(35, 111));
    const first = Math.round(presented * 44_100) - sound.presentationOffsetTicks;
    const whole = await decodedSound(recording.joinedPath, "-ignore_editlist", "1");
    const expected = whole.subarray(first * 2, (first + Math.round(3.04 * 44_100)) * 2);
    const heard = await decodedSound(path);
    // The tone never repeats; the decoder's rounding to 16 bits may differ by one step.
    expect(largestDifference(heard, expected)).toBeLessThanOrEqual(1);
    // FFmpeg plays the last packet to its end, whatever the edit list says.
    expect(heard.length - expected.length).toBeLessThan(1024 * 2);
  });

  test("a track that starts later than the picture is led in by silence", () => {
    const [video, sound] = tracks as [AlignedTrack, AlignedTrack];
    const late = { ...sound, presentationOffsetTicks: sound.presentationOffsetTicks + 44_100 };
    const plans = cutTracks([video, late], 0.2, 2.2)!.plans;
    expect(plans[1]!.edits.map((edit) => edit.mediaStartTicks)).toEqual([-1, 0]);
    const ticks = plans[1]!.edits.reduce((sum, edit) => sum + edit.durationTicks, 0);
    expect(ticks / 44_100).toBeCloseTo(plans[0]!.edits[0]!.durationTicks / video.track.timescale, 4);
  });

  test("nothing is cut from a time without footage", () => {
    expect(cutTracks(tracks, 60, 70)).toBeUndefined();
    expect(cutTracks([tracks[1]!], 60, 70)).toBeUndefined();
  });
});
