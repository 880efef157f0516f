import {
  readFragments,
  readInitDefaults,
  readInitEdits,
  readInitSegment,
  type InitDefaults,
} from "#media/fragmented-reader.ts";
import { MediaError } from "#media/media-error.ts";
import type { Edit, Sample, Track } from "#media/track.ts";
import type { Hole, NewFootageFile } from "./index-rows.ts";
import { packSamples, type TrackSamples } from "./sample-table.ts";
import { instantUs, type SessionClock } from "./session-clock.ts";

/** What an initialization segment says about the picture. */
export interface SessionMedia {
  readonly track: Track;
  readonly defaults: InitDefaults;
  readonly sound: SoundTrack | null;
}

/** The first track of sound, and how its times relate to those of the picture. */
export interface SoundTrack {
  readonly track: Track;
  /** Time of the sound, in its own time scale, at a time of the picture in the picture's. */
  atPictureTime(pictureTicks: number): number;
}

/** @throws MediaError when the file is damaged or holds no picture */
export function readSessionMedia(init: Buffer): SessionMedia {
  const tracks = readInitSegment(init);
  const track = tracks.find((candidate) => candidate.handler === "vide");
  if (track === undefined) throw new MediaError("BOX_MISSING", "The recording holds no picture.");
  const sound = tracks.find((candidate) => candidate.handler === "soun");
  const edits = readInitEdits(init);
  return {
    ...{ track, defaults: readInitDefaults(init) },
    sound: sound === undefined ? null : alignSound(track, sound, edits),
  };
}

/** Edit lists of the recorder say by how much one track begins later than the other (ISO/IEC 14496-12, 8.6.6). */
function alignSound(picture: Track, sound: Track, edits: ReadonlyMap<number, Edit[]>): SoundTrack {
  const pictureShift = presentationShift(edits.get(picture.trackId) ?? []);
  const soundShift = presentationShift(edits.get(sound.trackId) ?? []);
  return {
    track: sound,
    atPictureTime: (ticks) =>
      Math.round(((ticks + pictureShift) * sound.timescale) / picture.timescale) - soundShift,
  };
}

/** What the edit list adds to a media time to give the time of the presentation, in the track's ticks. */
function presentationShift(edits: readonly Edit[]): number {
  const empty = edits.filter((edit) => edit.mediaStartTicks < 0);
  const start = edits.find((edit) => edit.mediaStartTicks >= 0)?.mediaStartTicks ?? 0;
  return empty.reduce((sum, edit) => sum + edit.durationTicks, 0) - start;
}

/**
 * The frames of a footage file.
 * @throws MediaError when the file is torn, damaged or holds no frame
 */
export function readPictureSamples(media: SessionMedia, bytes: Buffer): TrackSamples {
  const frames = readTrackSamples(media, bytes, media.track.trackId);
  if (frames === null) throw new MediaError("NO_SAMPLES", "The footage file holds no frame.");
  return frames;
}

/**
 * The packets of sound of a footage file, null where it holds none.
 * @throws MediaError when the file is torn or damaged
 */
export function readSoundSamples(media: SessionMedia, bytes: Buffer): TrackSamples | null {
  return media.sound === null ? null : readTrackSamples(media, bytes, media.sound.track.trackId);
}

function readTrackSamples(media: SessionMedia, bytes: Buffer, trackId: number): TrackSamples | null {
  const fragments = readFragments(bytes, media.defaults)
    .flatMap((fragment) => fragment.tracks)
    .filter((track) => track.trackId === trackId && track.samples.length > 0);
  const first = fragments[0];
  if (first === undefined) return null;
  const samples: Sample[] = [];
  let nextDecodeTicks = first.baseDecodeTicks;
  for (const fragment of fragments) {
    stretchLast(samples, fragment.baseDecodeTicks - nextDecodeTicks);
    samples.push(...fragment.samples);
    nextDecodeTicks = fragment.samples.reduce(
      (sum, sample) => sum + sample.durationTicks,
      fragment.baseDecodeTicks,
    );
  }
  return { firstDecodeTicks: first.baseDecodeTicks, samples };
}

/** Lets the last frame reach to the next fragment, so that durations alone give every decode time. */
function stretchLast(samples: Sample[], holeTicks: number): void {
  const last = samples.at(-1);
  if (last === undefined || holeTicks === 0) return;
  if (last.durationTicks + holeTicks < 0) throw new MediaError("BOX_INVALID", "Fragments go back in time.");
  samples[samples.length - 1] = { ...last, durationTicks: last.durationTicks + holeTicks };
}

/** Earliest presentation time and latest end of presentation among the frames. */
export function presentationSpan({ firstDecodeTicks, samples }: TrackSamples): {
  start: number;
  end: number;
} {
  let start = Infinity;
  let end = -Infinity;
  let decodeTicks = firstDecodeTicks;
  for (const sample of samples) {
    const shown = decodeTicks + sample.compositionOffsetTicks;
    start = Math.min(start, shown);
    end = Math.max(end, shown + sample.durationTicks);
    decodeTicks += sample.durationTicks;
  }
  return { start, end };
}

/** What a footage file holds; the sound is null where it has none. */
export interface RecordedSamples {
  readonly frames: TrackSamples;
  readonly sound: TrackSamples | null;
}

/** Of a footage file its number in the session, its length, and when its last byte came. */
export type FileFacts = Pick<NewFootageFile, "number" | "sizeBytes" | "arrivalUs">;

/** The index row of a footage file. */
export function describeFootageFile(
  clock: SessionClock,
  { frames, sound }: RecordedSamples,
  file: FileFacts,
): NewFootageFile {
  const span = presentationSpan(frames);
  const startUs = instantUs(clock, span.start);
  const endUs = instantUs(clock, span.end);
  const frameUs = Math.max(1, Math.round((endUs - startUs) / frames.samples.length));
  const holes = instantsOf(findHoles(frames, clock.timeScale), clock);
  const soundSamples = sound === null ? null : packSamples(sound);
  return { ...file, startUs, endUs, frameUs, samples: packSamples(frames), soundSamples, holes };
}

/** Spans of media time on the wall clock. */
export function instantsOf(spans: readonly Span[], clock: SessionClock): Hole[] {
  return spans.map(({ start, end }) => ({
    startUs: instantUs(clock, start),
    endUs: instantUs(clock, end),
  }));
}

/** Frames of network cameras come unevenly; a frame that lasts no longer than this hides no hole. */
const UNEVEN_SECONDS = 0.5;

/**
 * Where all came that was sent a camera may send nothing for as long: many that save data send a frame a second where
 * nothing moves, and key frames between.
 */
const SPARED_SECONDS = 1.25;

/**
 * Where frames are missing inside a footage file: behind a frame that lasts longer than two usual ones, longer than
 * half a second and longer than twice its neighbours, if something is known to have got lost there, or if it lasts
 * longer than cameras leave out frames by themselves. The hole begins where a frame of the usual length would have
 * ended. A camera that goes from ten frames a second to one, as at night, has no hole there: its next frame lasts as
 * long.
 */
export function findHoles(frames: TrackSamples, timeScale: number): Span[] {
  const { samples } = frames;
  return loneFrames(frames, timeScale)
    .filter(({ at, ticks }) => ticks > SPARED_SECONDS * timeScale || samples[at + 1]?.isBehindLoss === true)
    .map(({ hole }) => hole);
}

/** What each of the earlier versions took for holes; what they indexed says so still. */
export function findHolesBefore(frames: TrackSamples, timeScale: number): Span[][] {
  return [longFrames, loneFrames].map((find) => find(frames, timeScale).map(({ hole }) => hole));
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface LongFrame {
  readonly at: number;
  readonly ticks: number;
  /** What is missing behind it, if anything is. */
  readonly hole: Span;
}

/** Of the long frames those that last far longer than what is beside them, too. */
function loneFrames(frames: TrackSamples, timeScale: number): LongFrame[] {
  const { samples } = frames;
  return longFrames(frames, timeScale).filter(({ at, ticks }) => {
    const beside = [samples[at - 1], samples[at + 1]].map((sample) => sample?.durationTicks ?? 0);
    return ticks > 2 * Math.max(...beside);
  });
}

/** Frames that last far longer than the footage file's usual one. */
function longFrames({ firstDecodeTicks, samples }: TrackSamples, timeScale: number): LongFrame[] {
  const durations = samples.map((sample) => sample.durationTicks).sort((a, b) => a - b);
  const usual = durations[Math.floor(durations.length / 2)] ?? 0;
  const longest = Math.max(2 * usual, UNEVEN_SECONDS * timeScale);
  let decodeTicks = firstDecodeTicks;
  return samples.flatMap(({ durationTicks: ticks }, at) => {
    const start = decodeTicks;
    decodeTicks += ticks;
    return ticks > longest ? [{ at, ticks, hole: { start: start + usual, end: start + ticks } }] : [];
  });
}
