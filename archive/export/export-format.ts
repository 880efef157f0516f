import { readFile } from "node:fs/promises";
import { commonPicture } from "#media/common-picture.ts";
import { MediaError } from "#media/media-error.ts";
import { decodesAlike } from "#media/parameter-sets.ts";
import type { Track } from "#media/track.ts";
import { formatUtc } from "#shared/words/instants.ts";
import { ArchiveFailure } from "../ground/archive-failure.ts";
import { initFile } from "../ground/archive-folder.ts";
import type { CameraFootage } from "../index/archive-footage.ts";
import type { SessionRow } from "../index/index-rows.ts";
import { readSessionMedia, type SessionMedia } from "../index/recorded-footage-file.ts";

/** The tracks of an export file, in their recorded time scales, and how the sessions' footage goes into them. */
export interface ExportFormat {
  readonly picture: Track;
  /** One for each format of sound that the sessions have. */
  readonly sounds: readonly Track[];
  /** Parameter sets that stand before key frames where the picture's format changes in the range. */
  readonly literals: readonly Buffer[];
  /** Index into `literals` of what stands before the key frames of a session. */
  literalOf(sessionId: number): number | undefined;
  /** Index into `sounds` of a session's sound. */
  soundOf(sessionId: number): number | undefined;
}

interface RecordedSession {
  readonly session: SessionRow;
  readonly media: SessionMedia;
}

/**
 * Reads the sessions' formats. One track of picture takes them all, see docs/decisions/0012-format-change.md.
 * @param sessions in order of time, at least one
 * @throws ArchiveFailure FOOTAGE_LOST; CODEC_CHANGED when one file cannot hold them
 */
export async function readExportFormat(
  camera: CameraFootage,
  sessions: readonly SessionRow[],
): Promise<ExportFormat> {
  const recorded = await Promise.all(
    sessions.map(async (session) => ({ session, media: await readMedia(camera, session) })),
  );
  return { ...pictureFormat(recorded), ...soundFormats(recorded) };
}

async function readMedia({ dir, cameraId }: CameraFootage, session: SessionRow): Promise<SessionMedia> {
  const bytes = await readFile(initFile(dir, cameraId, session.name)).catch(() => null);
  if (bytes === null) throw lost();
  return lostWhenDamaged(() => readSessionMedia(bytes));
}

function lostWhenDamaged<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof MediaError) throw lost();
    throw error;
  }
}

function lost(): ArchiveFailure {
  return new ArchiveFailure("FOOTAGE_LOST", "A file of this footage is missing from the archive or damaged.");
}

type PictureFormat = Pick<ExportFormat, "picture" | "literals" | "literalOf">;

function pictureFormat(recorded: readonly RecordedSession[]): PictureFormat {
  const [first, ...later] = recorded.map(({ media }) => ({ track: media.track, bringsSets: false }));
  if (first === undefined)
    throw new ArchiveFailure("NO_FOOTAGE", "There is no recording session in the range.");
  const common = lostWhenDamaged(() => commonPicture(first, later));
  if (common.kind === "codec-changed") throw codecChanged(recorded[common.part]);
  const { track, literals, literalOf } = common;
  const bySession = new Map(recorded.map(({ session }, place) => [session.id, literalOf[place]]));
  return { picture: { ...track, trackId: 1 }, literals, literalOf: (sessionId) => bySession.get(sessionId) };
}

/** The instant is rounded down: what ends then has no frame of the new codec, what starts then none of the old one. */
function codecChanged(other: RecordedSession | undefined): ArchiveFailure {
  const atUtcMs = Math.floor((other?.session.startUs ?? 0) / 1000);
  const at = formatUtc(atUtcMs, "millisecond");
  return new ArchiveFailure(
    "CODEC_CHANGED",
    `The camera's picture codec changed at ${at}; export what lies before and after it separately.`,
    { atUtcMs },
  );
}

/** Track 1 is the picture. */
const FIRST_SOUND_TRACK = 2;

function soundFormats(recorded: readonly RecordedSession[]): Pick<ExportFormat, "sounds" | "soundOf"> {
  const sounds: Track[] = [];
  const bySession = new Map<number, number>();
  for (const { session, media } of recorded) {
    const track = media.sound?.track;
    if (track === undefined) continue;
    const known = sounds.findIndex((other) => isSameSound(other, track));
    const index =
      known < 0 ? sounds.push({ ...track, trackId: FIRST_SOUND_TRACK + sounds.length }) - 1 : known;
    bySession.set(session.id, index);
  }
  return { sounds, soundOf: (sessionId) => bySession.get(sessionId) };
}

function isSameSound(a: Track, b: Track): boolean {
  return a.timescale === b.timescale && decodesAlike(a.sampleEntry, b.sampleEntry, "soun");
}
