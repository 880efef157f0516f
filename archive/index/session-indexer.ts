import { readFile, stat } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { saysMissing } from "#runtime/files/missing-file.ts";
import { z } from "zod";
import { FOR_OTHERS_TOO, writeWholeNow } from "#runtime/files/whole-file.ts";
import {
  initFile,
  SESSION_FILE,
  footageFilePath,
  footageFileName,
  sessionFolder,
} from "../ground/archive-folder.ts";
import { leftOutSchema, pictureRatioSchema } from "#shared/archive-api/archive-api.ts";
import { MediaError } from "#media/media-error.ts";
import type { CameraFootage } from "./archive-footage.ts";
import type { SessionBeginning, SessionRow } from "./index-rows.ts";
import { findSeam } from "./hand-over.ts";
import {
  describeFootageFile,
  presentationSpan,
  readPictureSamples,
  readSessionMedia,
  readSoundSamples,
  type FileFacts,
  type SessionMedia,
} from "./recorded-footage-file.ts";
import { parseJson } from "./json-file.ts";
import { keepFormat } from "./picture-format.ts";
import type { TrackSamples } from "./sample-table.ts";
import type { SessionAges } from "./session-ages.ts";
import { ticksToUs } from "./session-clock.ts";
import { strayFile } from "./stray-files.ts";

/**
 * Kept beside the media, so that a rebuilt index has the same instants and leaves out the same frames.
 * `baseTime` is null until the first footage file has come (a source in step with the wall clock knows its
 * start before its first frame). `format` is what the first keyframe stated of its format.
 */
const sessionFileSchema = z.object({
  startUs: z.number().int(),
  baseTime: z.number().int().nullable(),
  format: z.string().optional(),
  /** It begins with the frame after the last one of the session before: the two have none in common. */
  follows: z.boolean().optional(),
  /** What the source sends beside it that is not recorded; absent where that was not noted. */
  leftOut: z.array(leftOutSchema).optional(),
  /** The shape that was set for the picture; null where it is as the camera says. */
  ratio: pictureRatioSchema.nullable().optional(),
  /** Grows in the order in which the camera's sessions were recorded, whatever the clock said then. */
  ordinal: z.number().int().positive().optional(),
  /** When it began by a clock that nobody can set: the run of the machine, and how long it had run. */
  begun: z.object({ bootId: z.string(), uptimeMs: z.number().nonnegative() }).optional(),
  /** Where it took over from the session before, once that was found. */
  seam: z
    .object({
      session: z.string(),
      number: z.number().int(),
      atUs: z.number().int(),
      fromUs: z.number().int(),
    })
    .optional(),
});
type SessionFile = z.infer<typeof sessionFileSchema>;

/** What became of a footage file. */
export interface Indexed {
  /** False when none of its frames is of the session's format; the file stays and is left out. */
  readonly isIndexed: boolean;
  /** The camera changed its picture's format in this footage file; frames from there on are left out. */
  readonly hasFormatChanged: boolean;
}

/** Puts the footage files of one camera's sessions into the index. One at a time per camera. */
export interface SessionIndexer {
  /**
   * Indexes one finished footage file; a second call for the same file changes nothing.
   * @throws MediaError when the file is torn or damaged, Node's own error when it cannot be read
   */
  index(session: string, number: number): Promise<Indexed>;
}

/** @param ages by which sessions are dated beside their own dates; without them footage ages by those alone */
export function sessionIndexer(camera: CameraFootage, ages: SessionAges = NO_AGES): SessionIndexer {
  const { dir, index, cameraId } = camera;
  const media = new Map<string, SessionMedia>();
  const mediaOf = async (session: string): Promise<SessionMedia> => {
    const known = media.get(session);
    if (known !== undefined) return known;
    const read = readSessionMedia(await readFile(initFile(dir, cameraId, session)));
    media.clear();
    media.set(session, read);
    return read;
  };
  const indexFile = async (session: string, number: number): Promise<Indexed> => {
    const path = footageFilePath(sessionFolder(dir, cameraId, session), number);
    const [details, bytes, sessionMedia] = await Promise.all([stat(path), readFile(path), mediaOf(session)]);
    const file = { number, sizeBytes: bytes.length, arrivalUs: Math.round(details.mtimeMs * 1000) };
    return indexFootageFile({ ...camera, session, ages, media: sessionMedia, bytes, file });
  };
  const noteStray = async (session: string, number: number): Promise<void> => {
    const stray = await strayFile(dir, { cameraId, session, name: footageFileName(number) });
    if (stray !== null) index.putStray(stray);
  };
  return {
    async index(session, number) {
      if (index.hasFootageFile(cameraId, session, number))
        return { isIndexed: true, hasFormatChanged: false };
      try {
        const indexed = await indexFile(session, number);
        if (!indexed.isIndexed) await noteStray(session, number);
        return indexed;
      } catch (error) {
        // Without its initialization segment nothing of a session can be read.
        if (error instanceof MediaError || saysMissing(error)) await noteStray(session, number);
        throw error;
      }
    },
  };
}

const NO_AGES: SessionAges = { utcMsOf: () => null };

/** A footage file as it was read. */
interface ReadFootageFile extends CameraFootage {
  readonly session: string;
  readonly ages: SessionAges;
  readonly media: SessionMedia;
  readonly bytes: Buffer;
  readonly file: FileFacts;
}

/** The first footage file of a session that the index does not know. */
interface FirstFootageFile extends ReadFootageFile {
  /** What was written down of the session before. */
  readonly stored: SessionFile | undefined;
  readonly frames: TrackSamples;
  /** Of the picture, as its keyframes state it. */
  readonly format: string | null;
}

function indexFootageFile(footageFile: ReadFootageFile): Indexed {
  const { dir, cameraId, session, index, media, bytes, file } = footageFile;
  const stored = readSessionFile(sessionFolder(dir, cameraId, session));
  const all = { frames: readPictureSamples(media, bytes), bytes };
  const { frames, format, hasChanged } = keepFormat(media.track, all, stored?.format ?? null);
  if (frames.samples.length === 0) return { isIndexed: false, hasFormatChanged: true };
  index.inOneStep(() => {
    const row = index.session(cameraId, session) ?? beginSession({ ...footageFile, stored, frames, format });
    index.addFootageFile(
      row,
      describeFootageFile(row, { frames, sound: readSoundSamples(media, bytes) }, file),
    );
  });
  noteSeam(footageFile);
  return { isIndexed: true, hasFormatChanged: hasChanged };
}

/** Its own file says afterwards all that a rebuilt index cannot find in the media. */
function beginSession(footageFile: FirstFootageFile): SessionRow {
  const { dir, cameraId, session, stored, format } = footageFile;
  const start = sessionStart(footageFile);
  const begun = beginningOf(footageFile, start.startUs);
  const row = addSession(footageFile, { ...start, ...ordinalOf(footageFile, stored), begun });
  const said = { ...stored, ...start, ordinal: row.ordinal, ...fileOf(begun) };
  const content = format === null ? said : { format, ...said };
  if (JSON.stringify(content) !== JSON.stringify(stored))
    writeSessionFile(sessionFolder(dir, cameraId, session), content);
  if (stored?.seam !== undefined) footageFile.index.putSeam(row.id, stored.seam);
  return row;
}

/** Told when its first footage file has come, which is its length after it began. */
function beginningOf(
  { ages, media, stored, frames }: FirstFootageFile,
  startUs: number,
): SessionBeginning | null {
  const span = presentationSpan(frames);
  const lengthMs = ticksToUs(span.end - span.start, media.track.timescale) / 1000;
  const now = stored?.begun === undefined ? ages.moment?.() : undefined;
  const moment =
    stored?.begun ?? (now && { ...now, uptimeMs: Math.max(0, Math.round(now.uptimeMs - lengthMs)) });
  if (moment === undefined) return null;
  const utcMs = ages.utcMsOf(moment);
  return { ...moment, laterUs: utcMs === null ? 0 : Math.round(utcMs * 1000) - startUs };
}

const fileOf = (begun: SessionBeginning | null): Pick<SessionFile, "begun"> =>
  begun === null ? {} : { begun: { bootId: begun.bootId, uptimeMs: begun.uptimeMs } };

/** A folder that was copied by hand brings the number of the session that it was copied from. */
function ordinalOf(
  { index, cameraId }: ReadFootageFile,
  stored: SessionFile | undefined,
): { ordinal?: number } {
  const ordinal = stored?.ordinal;
  const isTaken = index.sessions(cameraId).some((other) => other.ordinal === ordinal);
  return ordinal === undefined || isTaken ? {} : { ordinal };
}

/**
 * A session is looked at for its seam as long as it has but these first footage files, which is while the one before
 * ends.
 */
const FILES_AT_SEAM = 8;

/** Looks whether the camera's newest session goes on where the one before it was; each of both may bring the answer. */
function noteSeam({ dir, cameraId, session, index }: ReadFootageFile): void {
  const [before, next] = index.sessions(cameraId).slice(-2);
  if (next === undefined || next.seam !== null) return;
  const concerns = session === next.name || session === before?.name;
  if (!concerns || index.footageFilesOf(next.id).length > FILES_AT_SEAM) return;
  if (readSessionFile(sessionFolder(dir, cameraId, next.name))?.follows === true) return;
  const seam = findSeam(dir, index, next);
  if (seam === null) return;
  const folder = sessionFolder(dir, cameraId, next.name);
  const stored = readSessionFile(folder);
  if (stored !== undefined) writeSessionFile(folder, { ...stored, seam });
  index.putSeam(next.id, seam);
}

function addSession(
  { cameraId, session, index, media }: ReadFootageFile,
  start: Pick<SessionRow, "startUs" | "baseTime" | "begun"> & { readonly ordinal?: number },
): SessionRow {
  const { timescale: timeScale, codec, width, height } = media.track;
  const sound =
    media.sound === null
      ? null
      : {
          ...{ trackId: media.sound.track.trackId, timeScale: media.sound.track.timescale },
          ...{ codec: media.sound.track.codec, baseTime: media.sound.atPictureTime(start.baseTime) },
        };
  return index.addSession({ cameraId, name: session, timeScale, codec, width, height, sound, ...start });
}

/**
 * When the session's first frame was taken. A footage file is finished when the first frame after it arrives,
 * so its arrival less its length is the arrival of its own first frame. ffmpeg's own date-times are
 * later than that by the time it took to look at the stream.
 */
function sessionStart({
  stored,
  frames,
  media,
  file,
}: FirstFootageFile): Pick<SessionRow, "startUs" | "baseTime"> {
  if (stored !== undefined && stored.baseTime !== null) {
    return { startUs: stored.startUs, baseTime: stored.baseTime };
  }
  const span = presentationSpan(frames);
  const startUs = stored?.startUs ?? file.arrivalUs - ticksToUs(span.end - span.start, media.track.timescale);
  return { startUs, baseTime: span.start };
}

/** What was written down of the session's start, or undefined where that is missing or torn. */
export function readSessionFile(folder: string): SessionFile | undefined {
  try {
    const text = readFileSync(join(folder, SESSION_FILE), "utf8");
    return sessionFileSchema.safeParse(parseJson(text)).data;
  } catch (error) {
    if (saysMissing(error)) return undefined;
    throw error;
  }
}

/** Writes the session's start on the wall clock, whole or not at all. */
export function writeSessionFile(folder: string, content: SessionFile): void {
  writeWholeNow(join(folder, SESSION_FILE), JSON.stringify(content), FOR_OTHERS_TOO);
}
