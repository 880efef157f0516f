import { readFile } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import { FRAMES_RANGE_MAX_MS, type FrameInstants } from "#shared/archive-api/archive-api.ts";
import { durationMs, EXPORT_MAX_MS } from "#shared/domain/time-range.ts";
import { ArchiveFailure } from "../ground/archive-failure.ts";
import { initFile, footageFilePath, sessionFolder } from "../ground/archive-folder.ts";
import type { FootageIndex } from "../index/footage-index.ts";
import type { FootageFileRow } from "../index/index-rows.ts";
import { frameInstants } from "../playback/frame-instants.ts";
import { playlist } from "../playback/playlist.ts";
import { requireCamera, type ArchiveParts } from "./archive-parts.ts";
import {
  parseAt,
  parseCameraId,
  parseAskedFile,
  parseRange,
  parseRecording,
  type AskedFile,
} from "./request-parts.ts";

const PLAYLIST_TYPE = "application/vnd.apple.mpegurl";

/** A recorded file never changes under its name. */
const FOR_EVER = "private, max-age=31536000, immutable";

/** Footage files in the live playlist's window. */
const LIVE_WINDOW = 6;

/** Footage older than this is not live. */
const LIVE_MAX_AGE_MS = 60_000;

/** Playlists, the files they name, and still pictures. */
export function addPlaybackRoutes(server: FastifyInstance, parts: ArchiveParts): void {
  const { index, thumbnails } = parts;
  const options = { config: { isPlayback: true } };
  server.get("/cameras/:id/playlist.m3u8", options, async (request, reply) => {
    const camera = requireCamera(index, parseCameraId(request.params));
    const range = parseRange(request.query);
    if (durationMs(range) > EXPORT_MAX_MS) {
      throw new ArchiveFailure("RANGE_TOO_LONG", "A playlist must not be longer than 24 hours.");
    }
    const rows = index.footageFiles({ cameraId: camera.id, range, recording: parseRecording(request.query) });
    if (rows.length === 0)
      throw new ArchiveFailure("NO_FOOTAGE", "The archive holds nothing in the asked range.");
    const text = playlist(rows, "vod", codecsOf(index, camera.id));
    return reply.type(PLAYLIST_TYPE).header("cache-control", "no-cache").send(text);
  });
  server.get("/cameras/:id/live.m3u8", options, async (request, reply) => {
    const camera = requireCamera(index, parseCameraId(request.params));
    const rows = liveFootageFiles(index, camera.id);
    if (rows.length === 0)
      throw new ArchiveFailure("NO_FOOTAGE", "The camera delivers nothing at the moment.");
    const text = playlist(rows, "live", codecsOf(index, camera.id));
    return reply.type(PLAYLIST_TYPE).header("cache-control", "no-cache").send(text);
  });
  server.get("/cameras/:id/segments/:session/:file", options, async (request, reply) => {
    const bytes = await readAskedFile(parts, parseAskedFile(request.params));
    return reply.type("video/mp4").header("cache-control", FOR_EVER).send(bytes);
  });
  server.get("/cameras/:id/frames", options, async (request, reply) => {
    const camera = requireCamera(index, parseCameraId(request.params));
    const range = parseRange(request.query);
    if (durationMs(range) > FRAMES_RANGE_MAX_MS)
      throw new ArchiveFailure("RANGE_TOO_LONG", "Frames are told of two minutes at most.");
    const instantsUtcUs = frameInstants({
      index,
      cameraId: camera.id,
      range,
      recording: parseRecording(request.query),
    });
    const answer: FrameInstants = { instantsUtcUs };
    return reply.header("cache-control", "no-cache").send(answer);
  });
  server.get("/cameras/:id/thumbnail", options, async (request, reply) => {
    const camera = requireCamera(index, parseCameraId(request.params));
    const picture = await thumbnails.at(camera.id, parseAt(request.query), parseRecording(request.query));
    return reply.type("image/jpeg").header("cache-control", FOR_EVER).send(picture);
  });
}

const codecsOf =
  (index: FootageIndex, cameraId: string) =>
  (session: string): string | null =>
    index.session(cameraId, session)?.codec ?? null;

/**
 * What is recorded now, whatever instants it has: a clock that was set back makes nothing live that was recorded before,
 * and one that was set on makes nothing old that arrives.
 */
function liveFootageFiles(index: FootageIndex, cameraId: string): readonly FootageFileRow[] {
  const addedAgoMs = index.addedAgoMs(cameraId);
  if (addedAgoMs === null || addedAgoMs > LIVE_MAX_AGE_MS) return [];
  return ofNewestSession(index.newestFootageFiles(cameraId, 2 * LIVE_WINDOW)).slice(-LIVE_WINDOW);
}

/**
 * The footage files since the last break, so that nobody starts to play before it, as long after the present as
 * the break was long. Of a session with one footage file the footage before it is kept: players need two.
 */
function ofNewestSession(rows: readonly FootageFileRow[]): readonly FootageFileRow[] {
  const newestOrdinal = rows.reduce((most, { ordinal }) => Math.max(most, ordinal), 0);
  const newest = rows.filter(({ ordinal }) => ordinal === newestOrdinal);
  if (newest.length >= 2) return newest;
  // What the session before still delivers afterwards has been replaced already.
  return rows.slice(0, rows.findIndex(({ ordinal }) => ordinal === newestOrdinal) + 1);
}

/** Reads a file that the index knows; names in the address are only looked up, never used as a path. */
async function readAskedFile({ dir, index }: ArchiveParts, file: AskedFile): Promise<Buffer> {
  const session = index.session(file.cameraId, file.session);
  const isKnown =
    session !== undefined &&
    (file.number === null || index.hasFootageFile(file.cameraId, session.name, file.number));
  if (!isKnown) throw new ArchiveFailure("NO_FOOTAGE", "The archive holds no such footage file.");
  const path =
    file.number === null
      ? initFile(dir, session.cameraId, session.name)
      : footageFilePath(sessionFolder(dir, session.cameraId, session.name), file.number);
  return readFile(path).catch(() => {
    throw new ArchiveFailure("FOOTAGE_LOST", "A file of this footage is missing from the archive.");
  });
}
