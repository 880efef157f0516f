import { createHash } from "node:crypto";
import type { ExportPlan } from "#shared/archive-api/archive-api.ts";
import type { LeftOut } from "#shared/domain/camera.ts";
import { durationMs, EXPORT_MAX_MS, type TimeRange } from "#shared/domain/time-range.ts";
import type { VirtualFile } from "#media/progressive-writer.ts";
import type { Track } from "#media/track.ts";
import { ArchiveFailure } from "../ground/archive-failure.ts";
import { footageFilePath, sessionFolder } from "../ground/archive-folder.ts";
import { cameraTimeWithin } from "../camera-time/recorded-camera-time.ts";
import type { AskedFootage } from "../index/archive-footage.ts";
import type { FootageFileRow, SessionRow, Stretch } from "../index/index-rows.ts";
import { footageWithin, toOverlapMs } from "../index/runs.ts";
import { readSessionFile } from "../index/session-indexer.ts";
import { SteppedWork } from "../ground/stepped-work.ts";
import { readExportFormat } from "./export-format.ts";
import { ExportMovie } from "./export-movie.ts";
import { readStretches } from "./export-rows.ts";
import type { ShownPicture } from "./picture-chooser.ts";
import { sessionsWithin } from "./sessions-within.ts";

/** An export file that is not stored anywhere: a pure function of the index and the range. */
export interface PlannedExport {
  readonly plan: ExportPlan;
  readonly file: VirtualFile;
  /** Path of the footage file that pieces of `file` name by this number. */
  sourcePath(source: number): string;
  /** The footage files by those numbers. */
  readonly rows: readonly FootageFileRow[];
}

/** @throws ArchiveFailure RANGE_TOO_LONG */
export function checkExportRange(range: TimeRange): void {
  if (durationMs(range) <= EXPORT_MAX_MS) return;
  throw new ArchiveFailure("RANGE_TOO_LONG", "An export must not be longer than 24 hours.");
}

/**
 * Plans the export of a range: exactly the frames that start in it are shown. Other requests get their turn every few
 * milliseconds.
 * @param rows from `readFootageFileRows`
 * @throws ArchiveFailure NO_FOOTAGE, FOOTAGE_LOST, CODEC_CHANGED when one file cannot hold the range
 */
export async function planExport(
  asked: AskedFootage,
  rows: readonly FootageFileRow[],
): Promise<PlannedExport> {
  const work = new SteppedWork();
  const sessions = sessionsWithin(asked, rows);
  const first = sessions.values().next().value;
  if (first === undefined) throw noFootage();
  const format = await readExportFormat(asked, [...sessions.values()]);
  const range = { startUs: asked.range.startUtcMs * 1000, endUs: asked.range.endUtcMs * 1000 };
  const time = { range, originUs: first.startUs, longestGapUs: longestGapUs(rows) };
  const movie = new ExportMovie(asked.index, format, time);
  for (const [source, row] of rows.entries()) {
    const session = sessions.get(row.sessionId);
    if (session !== undefined) await movie.add({ session, row, source }, work);
    await work.step();
  }
  // A file is the same on every day, so its time of creation is the footage's, not today's.
  const made = movie.finish(asked.range.startUtcMs);
  if (made === null) throw noFootage();
  await work.step();
  const stretches = await readStretches(asked, work);
  const etag = await etagOf({ cameraId: asked.cameraId, file: made.file, rows }, work);
  const cameraTime = await cameraTimeWithin(asked, rows, work);
  const facts = sessionFacts(asked.dir, [...sessions.values()]);
  const beside = { ...recordingsIn(asked, rows), cameraTime, ...facts };
  return {
    plan: describe(asked, { ...made, stretches, etag, track: format.picture, beside }),
    file: made.file,
    rows,
    sourcePath: (source) => pathOf(asked, rows[source]),
  };
}

/** What the files of sessions say that is told beside an of them. */
interface SessionFacts {
  /** What the camera sent beside it, each kind and format once; null where none of the sessions says it. */
  readonly leftOut: LeftOut[] | null;
  /** The shape that was set for the first session, in which all are shown; null: as the camera said. */
  readonly ratioSet: string | null;
}

/** @param sessions in the order of what is shown */
function sessionFacts(dir: string, sessions: readonly SessionRow[]): SessionFacts {
  const files = sessions.map(({ cameraId, name }) => readSessionFile(sessionFolder(dir, cameraId, name)));
  const said = files.flatMap((file) => (file?.leftOut === undefined ? [] : [file.leftOut]));
  const once = new Map(said.flat().map((each) => [`${each.kind} ${each.format}`, each]));
  return { leftOut: said.length === 0 ? null : [...once.values()], ratioSet: files[0]?.ratio ?? null };
}

function noFootage(): ArchiveFailure {
  return new ArchiveFailure("NO_FOOTAGE", "The archive holds no frame of this camera in the asked range.");
}

function pathOf({ dir, cameraId }: AskedFootage, row: FootageFileRow | undefined): string {
  if (row === undefined) throw new RangeError("The export has no such source.");
  return footageFilePath(sessionFolder(dir, cameraId, row.sessionName), row.number);
}

/** No two samples in a row are further apart than this. */
function longestGapUs(rows: readonly FootageFileRow[]): number {
  let longest = 0;
  for (const [place, row] of rows.entries()) {
    const before = rows[place - 1] ?? row;
    longest = Math.max(longest, row.shownEndUs - before.shownStartUs, row.endUs - row.startUs);
  }
  return longest;
}

interface MadeExport {
  readonly file: VirtualFile;
  readonly shown: ShownPicture;
  readonly stretches: readonly Stretch[];
  readonly etag: string;
  readonly track: Track;
  /** What is told beside the file. */
  readonly beside: Pick<ExportPlan, "recordings" | "overlaps" | "cameraTime" | "leftOut" | "ratioSet">;
}

/** Which sessions' recordings are in the file, and where others hold the same time. */
function recordingsIn(
  asked: AskedFootage,
  rows: readonly FootageFileRow[],
): Pick<ExportPlan, "recordings" | "overlaps"> {
  const { index, range, recording } = asked;
  const within = rows.filter((row) => row.shownEndUs > range.startUtcMs * 1000);
  const overlaps = recording === undefined ? index.overlaps(asked) : [];
  return {
    recordings: [...new Set(within.map(({ sessionName }) => sessionName))],
    overlaps: overlaps.map(toOverlapMs),
  };
}

function describe(
  { cameraId, range }: AskedFootage,
  { file, shown, stretches, etag, track, beside }: MadeExport,
): ExportPlan {
  const { runs, gaps } = footageWithin(range, stretches);
  return {
    cameraId,
    fromUtcMs: range.startUtcMs,
    toUtcMs: range.endUtcMs,
    lengthBytes: file.lengthBytes,
    etag,
    frameCount: shown.frames,
    firstFrameUtcUs: shown.firstFrameUs,
    lastFrameUtcUs: shown.lastFrameUs,
    endUtcUs: shown.endUs,
    preRollFrameCount: shown.preRollFrames,
    innerFrameCount: shown.innerFrames,
    trailingFrameCount: shown.trailingFrames,
    runs: [...runs],
    gaps: [...gaps],
    codec: track.codec,
    width: track.width,
    height: track.height,
    ...beside,
  };
}

/** Bytes hashed in one turn. */
const HASHED_AT_A_TIME = 1024 * 1024;

/** The tables hold every size and time; with the names of the files they say which bytes follow. */
async function etagOf(
  { cameraId, file, rows }: Pick<PlannedExport, "file" | "rows"> & { readonly cameraId: string },
  work: SteppedWork,
): Promise<string> {
  const hash = createHash("sha256");
  for (let at = 0; at < file.header.length; at += HASHED_AT_A_TIME) {
    hash.update(file.header.subarray(at, at + HASHED_AT_A_TIME));
    await work.step();
  }
  hash.update(cameraId);
  for (const literal of file.literals ?? []) hash.update(literal);
  const used = new Set(file.pieces.map((piece) => piece.source));
  for (const [source, row] of rows.entries()) {
    if (used.has(source)) hash.update(`${row.sessionName}/${row.number}:${row.sizeBytes};`);
  }
  return `"${hash.digest("hex")}"`;
}
