import { execFile } from "node:child_process";
import { readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { bufferSource } from "#media/byte-source.ts";
import { planProgressiveFile, type PlacedSample, type TrackPlan } from "#media/progressive-writer.ts";
import { readProgressiveFile } from "#media/progressive-reader.ts";
import type { Track } from "#media/track.ts";

const run = promisify(execFile);
const HOURS = 24;
const HOUR_S = 3_600;
/** Hours do not begin at key frames, as in exports. */
const GROUP_FRAMES = 56;
/** Of which frames of all usual rates last a whole number. */
const TICKS_A_SECOND = 90_000;
const SOUND_HZ = 48_000;
const PACKET_TICKS = 1_024;
/** By how many frames each is shown after it is decoded: the first, then one that the two after it refer to. */
const REORDERING = [1, 3, 0, 0];
const LEAST_DELAY_FRAMES = 1;

/**
 * The 24 segments of a day of one camera: tables as exports have them, picture with B-frames and sound. Frames are some
 * 70 zeros, as nobody looks at them here: what joining takes depends on their number.
 * @returns paths in order
 */
export async function daySegments(folder: string, framesASecond: number): Promise<string[]> {
  const [picture, sound] = await realTracks(folder);
  const paths: string[] = [];
  for (let hour = 0; hour < HOURS; hour += 1) {
    const plan = planProgressiveFile(
      [
        pictureOf({ ...picture, timescale: TICKS_A_SECOND }, framesASecond, hour),
        { track: sound, samples: packets(), edits: [] },
      ],
      { createdUtcMs: 0 },
    );
    const path = join(folder, `segment-${framesASecond}-${hour}.mp4`);
    await writeFile(path, plan.header);
    await truncate(path, plan.lengthBytes);
    paths.push(path);
  }
  return paths;
}

/** What an encoder says of its picture and sound. */
async function realTracks(folder: string): Promise<[picture: Track, sound: Track]> {
  const path = join(folder, "real.mp4");
  const sources = [
    "-f",
    "lavfi",
    "-i",
    "testsrc=s=320x240:r=25:d=1",
    "-f",
    "lavfi",
    "-i",
    `sine=r=${SOUND_HZ}:d=1`,
  ];
  const coding = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"];
  await run("ffmpeg", ["-v", "error", "-nostdin", "-y", ...sources, ...coding, path]);
  const tracks = await readProgressiveFile(bufferSource(await readFile(path)));
  const [picture, sound] = ["vide", "soun"].map(
    (kind) => tracks.find(({ track }) => track.handler === kind)?.track,
  );
  if (picture === undefined || sound === undefined) throw new Error("ffmpeg made no picture or no sound.");
  return [picture, sound];
}

/** Cut as an archive does: from the key frame before the hour on, and an edit hides what is before it. */
function pictureOf(track: Track, framesASecond: number, hour: number): TrackPlan {
  const durationTicks = track.timescale / framesASecond;
  const firstShown = hour * HOUR_S * framesASecond;
  const first = firstShown - (firstShown % GROUP_FRAMES);
  let offset = 0;
  const samples = Array.from({ length: HOUR_S * framesASecond + firstShown - first }, (_, index) => {
    const frame = first + index;
    const sizeBytes = 40 + ((frame * 7_919) % 61);
    const compositionOffsetTicks = (REORDERING[frame % REORDERING.length] ?? 0) * durationTicks;
    const isSync = frame % GROUP_FRAMES === 0;
    const sample = { source: 0, offset, sizeBytes, durationTicks, compositionOffsetTicks, isSync };
    offset += sizeBytes;
    return sample;
  });
  const mediaStartTicks = (firstShown - first + LEAST_DELAY_FRAMES) * durationTicks;
  return { track, samples, edits: [{ mediaStartTicks, durationTicks: HOUR_S * track.timescale }] };
}

function packets(): PlacedSample[] {
  let offset = 0;
  return Array.from({ length: Math.floor((HOUR_S * SOUND_HZ) / PACKET_TICKS) }, (_, index) => {
    const sizeBytes = 8 + ((index * 31) % 7);
    const times = { durationTicks: PACKET_TICKS, compositionOffsetTicks: 0, isSync: true };
    const sample = { source: 1, offset, sizeBytes, ...times };
    offset += sizeBytes;
    return sample;
  });
}
