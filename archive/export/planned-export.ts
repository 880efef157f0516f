import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setImmediate as yieldToOthers } from "node:timers/promises";
import type { ExportPlan } from "#shared/archive-api/archive-api.ts";
import { durationMs, EXPORT_MAX_MS, type TimeRange } from "#shared/domain/time-range.ts";
import { planProgressiveFile, type VirtualFile } from "#media/progressive-writer.ts";
import type { Track } from "#media/track.ts";
import { ArchiveFailure } from "../archive-failure.ts";
import { initFile, segmentFile } from "../archive-folder.ts";
import type { FootageIndex, SegmentRow, SessionRow } from "../index/footage-index.ts";
import { readSessionMedia } from "../index/recorded-segment.ts";
import { footageWithin, type Stretch } from "../index/runs.ts";
import { unpackSamples } from "../index/sample-table.ts";
import { SampleGatherer, type GatheredSamples } from "./export-samples.ts";

/** An export file that is stored nowhere: a pure function of the index and the range. */
export interface PlannedExport {
  readonly plan: ExportPlan;
  readonly file: VirtualFile;
  /** Paths of the segment files that the pieces of `file` refer to. */
  readonly sources: readonly string[];
}

/** Segments handled before other requests get their turn. */
const SEGMENTS_A_TURN = 500;

/** A duration in an MP4 file has 32 bits; see docs/decisions/0004-gaps-in-an-export.md. */
const LONGEST_FRAME_TICKS = 0xffff_ffff;

/**
 * Plans the export of a range: every frame that starts in it, and no other, is shown.
 * @throws ArchiveFailure RANGE_TOO_LONG, NO_FOOTAGE, FOOTAGE_LOST, BAD_REQUEST when one file cannot hold the range
 */
export async function planExport(
  dir: string,
  index: FootageIndex,
  cameraId: string,
  range: TimeRange,
  rows: readonly SegmentRow[],
): Promise<PlannedExport> {
  if (durationMs(range) > EXPORT_MAX_MS) {
    throw new ArchiveFailure("RANGE_TOO_LONG", "An export must not be longer than 24 hours.");
  }
  const sessions = new Map(index.sessions(cameraId).map((session) => [session.id, session]));
  const gathered = await gather(index, sessions, range, rows);
  const used = gathered === null ? [] : usedSources(gathered, rows);
  const first = used[0];
  if (gathered === null || first === undefined) {
    throw new ArchiveFailure("NO_FOOTAGE", "The archive holds no frame of this camera in the asked range.");
  }
  const track = await commonTrack(dir, cameraId, used);
  const file = planFile(track, gathered, range);
  const stretches = index.stretches(cameraId, range);
  const sources = rows.map((row) => segmentFile(dir, cameraId, row.sessionName, row.number));
  return { plan: describe(cameraId, range, gathered, rows, stretches, track, file), file, sources };
}

async function gather(
  index: FootageIndex,
  sessions: ReadonlyMap<number, SessionRow>,
  range: TimeRange,
  rows: readonly SegmentRow[],
): Promise<GatheredSamples | null> {
  const gatherer = new SampleGatherer({ startUs: range.startUtcMs * 1000, endUs: range.endUtcMs * 1000 });
  for (const [source, row] of rows.entries()) {
    const session = sessions.get(row.sessionId);
    if (session !== undefined) gatherer.add(session, row, unpackSamples(index.samples(row.id)), source);
    if (source % SEGMENTS_A_TURN === SEGMENTS_A_TURN - 1) await yieldToOthers();
  }
  return gatherer.finish();
}

/** The segments that give frames; frames of one segment follow each other. */
function usedSources(gathered: GatheredSamples, rows: readonly SegmentRow[]): SegmentRow[] {
  const used = new Set<number>();
  let last = -1;
  for (const { source } of gathered.samples) {
    if (source !== last) used.add(source);
    last = source;
  }
  return rows.filter((_row, source) => used.has(source));
}

/** The one picture format of all sessions of an export; an MP4 track described here holds one. */
async function commonTrack(dir: string, cameraId: string, rows: readonly SegmentRow[]): Promise<Track> {
  const names = [...new Set(rows.map((row) => row.sessionName))];
  const tracks = await Promise.all(names.map((name) => readTrack(initFile(dir, cameraId, name))));
  const first = tracks[0];
  if (first === undefined)
    throw new ArchiveFailure("NO_FOOTAGE", "There is no recording session in the range.");
  const changed = tracks.findIndex((track) => !track.sampleEntry.equals(first.sampleEntry));
  if (changed < 0) return first;
  const atUs = rows.find((row) => row.sessionName === names[changed])?.startUs ?? 0;
  throw new ArchiveFailure(
    "BAD_REQUEST",
    `The camera's picture format changed at ${new Date(atUs / 1000).toISOString()}; export before and after it apart.`,
  );
}

async function readTrack(path: string): Promise<Track> {
  const bytes = await readFile(path).catch(() => null);
  if (bytes === null)
    throw new ArchiveFailure("FOOTAGE_LOST", "A file of this footage is missing from the archive.");
  return readSessionMedia(bytes).track;
}

function planFile(track: Track, gathered: GatheredSamples, range: TimeRange): VirtualFile {
  const shown = {
    mediaStartTicks: gathered.shownStartTicks,
    durationTicks: gathered.shownEndTicks - gathered.shownStartTicks,
  };
  const { samples } = gathered;
  if (samples.some((sample) => sample.durationTicks > LONGEST_FRAME_TICKS)) {
    throw new ArchiveFailure(
      "BAD_REQUEST",
      "A gap in the range is too long for one file; export before and after it apart.",
    );
  }
  // A file is the same on every day, so its time of creation is the footage's, not today's.
  return planProgressiveFile([{ track: { ...track, trackId: 1 }, samples, edits: [shown] }], {
    createdUtcMs: range.startUtcMs,
  });
}

function describe(
  cameraId: string,
  range: TimeRange,
  gathered: GatheredSamples,
  rows: readonly SegmentRow[],
  stretches: readonly Stretch[],
  track: Track,
  file: VirtualFile,
): ExportPlan {
  const { runs, gaps } = footageWithin(range, stretches);
  return {
    cameraId,
    fromUtcMs: range.startUtcMs,
    toUtcMs: range.endUtcMs,
    lengthBytes: file.lengthBytes,
    etag: etagOf(cameraId, file, rows),
    frameCount: gathered.shownFrames,
    firstFrameUtcUs: gathered.firstFrameUs,
    lastFrameUtcUs: gathered.lastFrameUs,
    endUtcUs: gathered.endUs,
    preRollFrameCount: gathered.preRollFrames,
    runs: [...runs],
    gaps: [...gaps],
    codec: track.codec,
    width: track.width,
    height: track.height,
  };
}

/** The tables hold every size and time; with the names of the files they say which bytes follow. */
function etagOf(cameraId: string, file: VirtualFile, rows: readonly SegmentRow[]): string {
  const hash = createHash("sha256").update(file.header).update(cameraId);
  for (const row of rows) hash.update(`${row.sessionName}/${row.number}:${row.sizeBytes};`);
  return `"${hash.digest("hex")}"`;
}
