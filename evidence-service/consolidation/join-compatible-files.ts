/**
 * Some files cannot stand in one video with the others: what can be joined is joined, and what is left out is named.
 */
import { MediaError } from "#media/media-error.ts";
import { visibleName } from "#shared/domain/names.ts";
import { damagedSegment, type DamagedSegment } from "./damaged-segment.ts";
import { joinVideo, type JoinedVideo } from "./join-video.ts";
import { formatWords, sameFormatGroups } from "./same-format.ts";
import type { SegmentTrack } from "./segment-track.ts";
import { Unreadable, wordsOf } from "../decryption/unreadable.ts";
import type { ResourceRow } from "../storage/metadata-rows.ts";

export interface JoinedFiles {
  readonly video: JoinedVideo;
  /** In the order in which they were found. */
  readonly leftOut: readonly DamagedSegment[];
}

interface Asked {
  readonly rows: readonly ResourceRow[];
  readonly signal: AbortSignal;
}

/**
 * @param segments in the order of their start; their sources are indexes into the rows
 * @throws Unreadable where nothing can be joined; it names the first file
 */
export async function joinCompatibleFiles(
  segments: readonly SegmentTrack[],
  rows: readonly ResourceRow[],
  signal: AbortSignal,
): Promise<JoinedFiles> {
  const asked = { rows, signal };
  const leftOut: DamagedSegment[] = [];
  let left = segments;
  for (;;) {
    const video = await tryJoining(left, asked);
    if (!(video instanceof Unreadable)) return { video, leftOut };
    const more = await whatToLeaveOut(left, asked, video);
    leftOut.push(...more);
    left = left.filter(({ source }) => !more.some(({ row }) => row === rows[source]));
    const [first] = leftOut;
    if (first === undefined || more.length === 0) throw video;
    if (left.length === 0) throw new Unreadable(first.code, first.detail, { cause: video });
  }
}

async function tryJoining(
  segments: readonly SegmentTrack[],
  { rows, signal }: Asked,
): Promise<JoinedVideo | Unreadable> {
  const createdUtcMs = rows[segments[0]?.source ?? 0]?.startUtcMs ?? 0;
  try {
    return await joinVideo(segments, createdUtcMs, signal);
  } catch (error) {
    if (error instanceof Unreadable) return error;
    throw error;
  }
}

/** First what is not to be shown even alone, then what is of another format, then what is too far away. */
async function whatToLeaveOut(
  segments: readonly SegmentTrack[],
  asked: Asked,
  failure: Unreadable,
): Promise<DamagedSegment[]> {
  if (failure.cause instanceof MediaError) {
    const faulty = await faultyAlone(segments, asked);
    if (faulty.length > 0) return faulty;
  }
  const [longest, ...others] = sameFormatGroups(segments).toSorted((a, b) => shownS(b) - shownS(a));
  if (longest !== undefined && others.length > 0)
    return others.flatMap((group) => otherFormat(group, longest, asked));
  return failure.cause instanceof MediaError ? timesApart(segments, asked) : [];
}

async function faultyAlone(segments: readonly SegmentTrack[], asked: Asked): Promise<DamagedSegment[]> {
  const faulty: DamagedSegment[] = [];
  for (const [row, parts] of byFile(segments, asked)) {
    const alone = await tryJoining(parts, asked);
    if (!(alone instanceof Unreadable && alone.cause instanceof MediaError)) continue;
    const detail = `“${visibleName(row.name)}” ${wordsOf(alone.cause)}`;
    faulty.push(damagedSegment(row, new Unreadable(alone.code, detail)));
  }
  return faulty;
}

function byFile(segments: readonly SegmentTrack[], { rows }: Asked): Map<ResourceRow, SegmentTrack[]> {
  const files = new Map<ResourceRow, SegmentTrack[]>();
  for (const segment of segments) {
    const row = rows[segment.source];
    if (row !== undefined) files.set(row, [...(files.get(row) ?? []), segment]);
  }
  return files;
}

function shownS(segments: readonly SegmentTrack[]): number {
  return segments.reduce(
    (sum, { shownFromTicks, shownToTicks, track }) => sum + (shownToTicks - shownFromTicks) / track.timescale,
    0,
  );
}

function otherFormat(
  group: readonly SegmentTrack[],
  longest: readonly SegmentTrack[],
  asked: Asked,
): DamagedSegment[] {
  return [...byFile(group, asked).keys()].map((row) => {
    const why = formatWords(group[0]?.track, longest[0]?.track);
    const detail = `“${visibleName(row.name)}” ${why}, which no video can show together; it can be downloaded.`;
    return damagedSegment(row, new Unreadable("FORMAT_CHANGED", detail));
  });
}

/** Halves until it is found how many files from the first on fit into one video; each of them does alone. */
async function timesApart(segments: readonly SegmentTrack[], asked: Asked): Promise<DamagedSegment[]> {
  const files = [...byFile(segments, asked)];
  let [fit, tooMany] = [1, files.length];
  while (tooMany - fit > 1) {
    const half = Math.floor((fit + tooMany) / 2);
    const video = await tryJoining(
      files.slice(0, half).flatMap(([, parts]) => parts),
      asked,
    );
    if (video instanceof Unreadable) tooMany = half;
    else fit = half;
  }
  return files.slice(fit).map(([row]) => {
    const why = "is of a time that does not fit into one video with the files before it";
    const detail = `“${visibleName(row.name)}” ${why}; it can be downloaded.`;
    return damagedSegment(row, new Unreadable("TIMES_APART", detail));
  });
}
