import { closeSync, futimesSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { INIT_FILE, footageFilePath, sessionFolder, sessionName } from "#archive/ground/archive-folder.ts";
import type { FootageIndex } from "#archive/index/footage-index.ts";
import type { SessionRow } from "#archive/index/index-rows.ts";
import { withFirstDecodeTicks } from "#archive/index/sample-table.ts";
import { writeSessionFile } from "#archive/index/session-indexer.ts";
import { withShiftedDecodeTime } from "#media/testing/shift-decode-time.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import type { DemoCamera } from "./demo-cameras.ts";
import { pieceAt, type LoopFile, type LoopFiles } from "./loop-footage-files.ts";

/** A recording session lasts an hour, as the recorder's do. */
const SESSION_MS = 3_600_000;

/**
 * The recording sessions that a camera's past footage consists of: hours, begun anew after its gap.
 * @param endUtcMs on the grid of footage files
 */
export function pastSessions(camera: Pick<DemoCamera, "pastMs" | "gap">, endUtcMs: number): TimeRange[] {
  const startUtcMs = endUtcMs - camera.pastMs;
  if (camera.gap === null) return hours(startUtcMs, endUtcMs);
  const gapStartMs = endUtcMs - camera.gap.beginsBeforeEndMs;
  return [...hours(startUtcMs, gapStartMs), ...hours(gapStartMs + camera.gap.lengthMs, endUtcMs)];
}

function hours(startUtcMs: number, endUtcMs: number): TimeRange[] {
  const sessions: TimeRange[] = [];
  for (let at = startUtcMs; at < endUtcMs; at += SESSION_MS) {
    sessions.push({ startUtcMs: at, endUtcMs: Math.min(at + SESSION_MS, endUtcMs) });
  }
  return sessions;
}

/**
 * Writes one session as the recorder would have: the minute's footage files again and again, each at its
 * place on the wall clock, so that burnt-in seconds are true.
 * @param longUntilUtcMs footage before this instant is in long footage files
 * @returns bytes written
 */
export function writePastSession(
  dir: string,
  index: FootageIndex,
  cameraId: string,
  loop: LoopFiles,
  session: TimeRange,
  longUntilUtcMs: number,
): number {
  const name = sessionName(session.startUtcMs);
  const folder = sessionFolder(dir, cameraId, name);
  const { track } = loop.media;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, INIT_FILE), loop.init);
  writeSessionFile(folder, { startUs: session.startUtcMs * 1000, baseTime: 0 });
  let bytes = loop.init.length;
  index.inOneStep(() => {
    const row = index.addSession({
      ...{ cameraId, name, startUs: session.startUtcMs * 1000, baseTime: 0 },
      ...{ timeScale: track.timescale, codec: track.codec, width: track.width, height: track.height },
    });
    for (let at = session.startUtcMs, number = 0; at < session.endUtcMs; number++) {
      const piece = pieceAt(loop, at, Math.min(session.endUtcMs, longUntilUtcMs));
      bytes += writePastFootageFile(dir, index, row, loop, { piece, startUtcMs: at, number });
      at += piece.lengthMs;
    }
  });
  return bytes;
}

function writePastFootageFile(
  dir: string,
  index: FootageIndex,
  session: SessionRow,
  loop: LoopFiles,
  { piece, startUtcMs, number }: { piece: LoopFile; startUtcMs: number; number: number },
): number {
  const { timescale, trackId } = loop.media.track;
  const decodeTicks = ((startUtcMs * 1000 - session.startUs) / 1_000_000) * timescale;
  const shift = decodeTicks - piece.frames.firstDecodeTicks;
  const bytes = withShiftedDecodeTime(piece.bytes, new Map([[trackId, shift]]));
  if (bytes.length !== piece.bytes.length) throw new Error("A moved footage file must keep its layout.");
  const endUtcMs = startUtcMs + piece.lengthMs;
  writeAt(footageFilePath(sessionFolder(dir, session.cameraId, session.name), number), bytes, endUtcMs);
  index.addFootageFile(session, {
    ...{ number, startUs: startUtcMs * 1000, endUs: endUtcMs * 1000, arrivalUs: endUtcMs * 1000 },
    frameUs: Math.round((piece.lengthMs * 1000) / piece.frames.samples.length),
    sizeBytes: bytes.length,
    samples: withFirstDecodeTicks(piece.packedSamples, decodeTicks),
    holes: [],
  });
  return bytes.length;
}

/** The time of the file is the arrival of the footage file, as with a real recorder. */
function writeAt(path: string, bytes: Buffer, arrivalUtcMs: number): void {
  const file = openSync(path, "w");
  try {
    writeSync(file, bytes);
    futimesSync(file, arrivalUtcMs / 1000, arrivalUtcMs / 1000);
  } finally {
    closeSync(file);
  }
}
