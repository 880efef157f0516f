import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { cameraFolder, INIT_FILE, SESSION_NAME, sessionFolder } from "../../ground/archive-folder.ts";
import { readPictureSamples, readSessionMedia, readSoundSamples } from "../../index/recorded-footage-file.ts";
import type { TrackSamples } from "../../index/sample-table.ts";
import { instantUs, type SessionClock } from "../../index/session-clock.ts";
import { readSessionFile } from "../../index/session-indexer.ts";
import { isPictureUnit, type AnnexBClip } from "./annex-b-clip.ts";
import type { OddCamera, Sent } from "./odd-camera.ts";

interface Recorded {
  readonly codec: AnnexBClip["codec"];
  readonly atUs: number;
  readonly bytes: Buffer;
}

/** What was recorded of what a camera sent. */
export interface MeasuredRecording {
  /** Of the frames sent from the first recorded one on, without those that ffmpeg still held at the end. */
  readonly share: number;
  readonly frames: number;
  /** Frames sent from the first recorded one on that are not recorded, those that ffmpeg held at the end among them. */
  readonly missing: number;
  /** Recorded instant less the instant of sending: the one furthest from zero, and the middle one. */
  readonly worstUs: number;
  readonly middleUs: number;
  /** Recorded frames that the camera did not send, or not in this place. */
  readonly foreign: number;
  /** How far sound was recorded from the picture that was taken with it, at worst; null without sound. */
  readonly soundApartUs: number | null;
}

/** Frames that wait inside ffmpeg. */
const HELD_FRAMES = 2;

/**
 * Compares the finished files of a camera with what was sent.
 * @param stopUs when the recorder was told to stop
 * @throws Error where nothing was recorded
 */
export async function measureRecording(
  dir: string,
  cameraId: string,
  camera: OddCamera,
  stopUs: number,
): Promise<MeasuredRecording> {
  const sent = camera.sent();
  const { pictures, sounds } = await recordedIn(dir, cameraId);
  const pictureOf = ({ codec, atUs, bytes }: Recorded): Recorded => ({
    ...{ codec, atUs },
    bytes: pictureUnits(codec, bytes),
  });
  const { found, foreign, first } = match(pictures.map(pictureOf), sent.pictures, stopUs);
  const errors = found.map(({ atUs, sentUs }) => atUs - sentUs);
  if (errors.length === 0) throw new Error("Nothing that the camera sent was recorded.");
  const heard = match(sounds, sent.sounds, stopUs).found;
  const middleUs = middle(errors);
  const sentCount = sent.pictures.filter(({ sentUs }) => sentUs <= stopUs).length;
  const expected = Math.max(errors.length, sentCount - first - HELD_FRAMES);
  return {
    ...{
      share: errors.length / expected,
      frames: errors.length,
      missing: sentCount - first - errors.length,
      worstUs: furthest(errors),
      middleUs,
      foreign,
    },
    soundApartUs: heard.length === 0 ? null : furthest(heard.map((sound) => apartUs(sound, found))),
  };
}

async function recordedIn(dir: string, cameraId: string): Promise<Record<"pictures" | "sounds", Recorded[]>> {
  const found = { pictures: new Array<Recorded>(), sounds: new Array<Recorded>() };
  const names = (await readdir(cameraFolder(dir, cameraId))).filter((name) => SESSION_NAME.test(name)).sort();
  for (const name of names) {
    const folder = sessionFolder(dir, cameraId, name);
    if (!existsSync(join(folder, INIT_FILE))) continue;
    const media = readSessionMedia(await readFile(join(folder, INIT_FILE)));
    const { startUs = 0, baseTime } = readSessionFile(folder) ?? {};
    const codec = media.track.codec.startsWith("avc") ? "h264" : "h265";
    const clock = { startUs, baseTime: baseTime ?? 0, timeScale: media.track.timescale };
    for (const file of (await readdir(folder)).filter((each) => each.endsWith(".m4s")).sort()) {
      const bytes = await readFile(join(folder, file));
      found.pictures.push(...placed(readPictureSamples(media, bytes), clock, bytes, codec));
      const sound = readSoundSamples(media, bytes);
      if (media.sound === null || sound === null) continue;
      const soundBase = media.sound.atPictureTime(clock.baseTime);
      const soundClock = { startUs, baseTime: soundBase, timeScale: media.sound.track.timescale };
      found.sounds.push(...placed(sound, soundClock, bytes, codec));
    }
  }
  return found;
}

function placed(
  { firstDecodeTicks, samples }: TrackSamples,
  clock: SessionClock,
  bytes: Buffer,
  codec: AnnexBClip["codec"],
): Recorded[] {
  let ticks = firstDecodeTicks;
  return samples.map(({ offset, sizeBytes, durationTicks, compositionOffsetTicks }) => {
    const atUs = instantUs(clock, ticks + compositionOffsetTicks);
    ticks += durationTicks;
    return { codec, atUs, bytes: bytes.subarray(offset, offset + sizeBytes) };
  });
}

/** Of a sample whose units have their length in front (ISO/IEC 14496-15). */
function pictureUnits(codec: AnnexBClip["codec"], sample: Buffer): Buffer {
  const units: Buffer[] = [];
  for (let at = 0; at + 4 < sample.length;) {
    const end = at + 4 + sample.readUInt32BE(at);
    const unit = withoutZeros(sample.subarray(at + 4, end));
    if (isPictureUnit(codec, unit)) units.push(unit);
    at = end;
  }
  return Buffer.concat(units);
}

/** ffmpeg takes the first zero of a start code of four bytes for the end of the unit before. */
function withoutZeros(unit: Buffer): Buffer {
  let end = unit.length;
  while (unit[end - 1] === 0) end--;
  return unit.subarray(0, end);
}

const hashOf = (bytes: Buffer): string => createHash("md5").update(bytes).digest("hex");

/** What was sent and is recorded, and at which instant. */
type Found = Sent & Pick<Recorded, "atUs">;

/** Of a packet of sound beside the last picture that was taken before it. */
function apartUs(sound: Found, pictures: readonly Found[]): number {
  const beside = pictures.findLast(({ takenUs }) => takenUs <= sound.takenUs) ?? pictures[0] ?? sound;
  return sound.atUs - beside.atUs - (sound.takenUs - beside.takenUs);
}

/** Both are in order, and what was sent comes again and again: each is the next that looks like it. */
function match(
  recorded: readonly Recorded[],
  sent: readonly Sent[],
  stopUs: number,
): { found: Found[]; foreign: number; first: number } {
  const places = new Map<string, number[]>();
  for (const [place, { bytes }] of sent.entries()) {
    const hash = hashOf(bytes);
    places.set(hash, [...(places.get(hash) ?? []), place]);
  }
  const found: Found[] = [];
  let [last, first, foreign] = [-1, sent.length, 0];
  for (const { atUs, bytes } of recorded) {
    const place = places.get(hashOf(bytes))?.find((each) => each > last);
    const from = place === undefined ? undefined : sent[place];
    if (place === undefined || from === undefined) foreign++;
    else {
      // Camera and recorder run in one process, in which stopping makes the camera late.
      if (from.sentUs <= stopUs) found.push({ ...from, atUs });
      [last, first] = [place, Math.min(first, place)];
    }
  }
  return { found, foreign, first };
}

const furthest = (values: readonly number[]): number =>
  values.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);

const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
