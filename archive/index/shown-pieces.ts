import type { Hole, Overlap, Seam, FootageFileRow } from "./index-rows.ts";
import type { RecordedRow } from "./table-rows.ts";

/** What of a footage file's own time lies where on the wall clock. */
interface Placed {
  readonly row: RecordedRow;
  readonly fromUs: number;
  readonly toUs: number;
  readonly shownStartUs: number;
  readonly shownEndUs: number;
}

interface Interval {
  readonly startUs: number;
  readonly endUs: number;
}

/** What else is known of a camera's sessions, to be looked up. */
export interface Recordings {
  /** The seam at which a session was taken over, and the start of the one that did. */
  seamOf(
    sessionName: string,
  ): { readonly seam: Seam; readonly startUs: number; readonly endUs: number } | null;
  /** Where frames are missing inside a footage file, in order. */
  holesOf(footageFileId: number): readonly Hole[];
}

/** Two sessions' clocks that differ by more were set in between: nothing is drawn together over that. */
export const MOST_DRAWN_US = 60_000_000;

/**
 * What is shown of a camera's footage files, in order of time. Of two sessions that hold the same instant the one that
 * was recorded later is shown where it has frames, and the other wherever it has none.
 * @param rows in order of their start
 */
export function shownPieces(rows: readonly RecordedRow[], recordings: Recordings): FootageFileRow[] {
  const placed = rows.flatMap((row) => place(row, recordings));
  if (!placed.every(isInPlace)) placed.sort((a, b) => a.shownStartUs - b.shownStartUs);
  return clustersOf(placed).flatMap((cluster) =>
    cluster.isShared ? layered(cluster.members, recordings).pieces : cluster.members.map(whole),
  );
}

/** Where one session is shown and another is not, in order of time. */
export function overlapsOf(rows: readonly RecordedRow[], recordings: Recordings): Overlap[] {
  const placed = rows.flatMap((row) => place(row, recordings));
  placed.sort((a, b) => a.shownStartUs - b.shownStartUs);
  const found = clustersOf(placed).flatMap((cluster) =>
    cluster.isShared ? layered(cluster.members, recordings).hidden : [],
  );
  return joined(found.sort((a, b) => a.startUs - b.startUs));
}

const isInPlace = ({ row, shownStartUs, shownEndUs }: Placed): boolean =>
  row.startUs === shownStartUs && row.endUs === shownEndUs;

const whole = ({ row, ...times }: Placed): FootageFileRow => ({ ...row, ...times });

/** Where a footage file lies on the wall clock, if it were the only one there. */
function place(row: RecordedRow, recordings: Recordings): Placed[] {
  const inPlace = (fromUs: number, toUs: number): Placed => {
    return { row, fromUs, toUs, shownStartUs: fromUs, shownEndUs: toUs };
  };
  const next = recordings.seamOf(row.sessionName);
  if (next === null) return [inPlace(row.startUs, row.endUs)];
  const { atUs, fromUs, number } = next.seam;
  const seamUs = row.number < number ? row.endUs : row.number > number ? row.startUs : atUs;
  const wantedPace = atUs > fromUs ? (next.startUs - fromUs) / (atUs - fromUs) : 0;
  const isDrawn = Math.abs(next.startUs - atUs) <= MOST_DRAWN_US && wantedPace >= 0.5 && wantedPace <= 2;
  const pace = isDrawn ? wantedPace : 1;
  const drawn = (us: number): number => (us <= fromUs ? us : Math.round(fromUs + (us - fromUs) * pace));
  const before = {
    ...inPlace(row.startUs, seamUs),
    shownStartUs: drawn(row.startUs),
    shownEndUs: drawn(seamUs),
  };
  const after = afterSeam(row, next, { seamUs, isDrawn });
  return [before, ...after].filter((part) => part.shownEndUs > part.shownStartUs);
}

/** What a session recorded after its end was taken over; the next one has the same frames, unless it lost them. */
function afterSeam(
  row: RecordedRow,
  { seam, startUs, endUs }: { readonly seam: Seam; readonly startUs: number; readonly endUs: number },
  { seamUs, isDrawn }: { readonly seamUs: number; readonly isDrawn: boolean },
): Placed[] {
  if (seamUs >= row.endUs) return [];
  const shift = startUs - seam.atUs;
  // As long as the clock said something else altogether, it stays where it was recorded.
  if (!isDrawn && row.endUs + shift <= endUs + row.frameUs) return [];
  const by = isDrawn ? shift : 0;
  return [{ row, fromUs: seamUs, toUs: row.endUs, shownStartUs: seamUs + by, shownEndUs: row.endUs + by }];
}

interface Cluster {
  readonly members: Placed[];
  /** Whether it is of more than one session. */
  isShared: boolean;
}

/** Groups what overlaps. @param placed in order of their start */
function clustersOf(placed: readonly Placed[]): Cluster[] {
  const clusters: Cluster[] = [];
  let endUs = -Infinity;
  for (const part of placed) {
    const current = clusters.at(-1);
    if (current === undefined || part.shownStartUs >= endUs) {
      clusters.push({ members: [part], isShared: false });
      endUs = part.shownEndUs;
      continue;
    }
    current.isShared ||= current.members[0]?.row.sessionId !== part.row.sessionId;
    current.members.push(part);
    endUs = Math.max(endUs, part.shownEndUs);
  }
  return clusters;
}

/** Lays session over session, the one recorded last on top. */
function layered(
  members: readonly Placed[],
  recordings: Recordings,
): { readonly pieces: FootageFileRow[]; readonly hidden: Overlap[] } {
  const pieces: FootageFileRow[] = [];
  const hidden: Overlap[] = [];
  let covered: (Interval & { readonly name: string })[] = [];
  const ordinals = [...new Set(members.map(({ row }) => row.ordinal))].sort((a, b) => b - a);
  for (const ordinal of ordinals) {
    const layer = members.filter(({ row }) => row.ordinal === ordinal);
    const held = layer.flatMap((part) => heldBy(part, recordings).map((interval) => ({ part, interval })));
    for (const { part, interval } of held) {
      const free = partsOutside(interval, covered).filter((each) => showsSomething(each, interval, part.row));
      pieces.push(...free.map((each) => pieceOf(part, each)));
      if (!isRepeated(part, recordings)) hidden.push(...hiddenOf(interval, covered, part.row));
    }
    const names = held.map(({ part, interval }) => ({ ...interval, name: part.row.sessionName }));
    covered = [...covered, ...names].sort((a, b) => a.startUs - b.startUs);
  }
  pieces.sort((a, b) => a.shownStartUs - b.shownStartUs || a.number - b.number);
  return { pieces: merged(pieces), hidden };
}

/** Whether the session that took over has the very same frames. */
function isRepeated({ row, fromUs }: Placed, recordings: Recordings): boolean {
  const next = recordings.seamOf(row.sessionName);
  return next !== null && fromUs >= next.seam.atUs;
}

/** The time that a part has frames for. */
function heldBy(part: Placed, recordings: Recordings): Interval[] {
  const span = { startUs: part.shownStartUs, endUs: part.shownEndUs };
  const shown = toShown(part);
  const holes = recordings.holesOf(part.row.id).map(({ startUs, endUs }) => {
    return { startUs: shown(startUs), endUs: shown(endUs) };
  });
  return partsOutside(span, holes);
}

function toShown({ fromUs, toUs, shownStartUs, shownEndUs }: Placed): (us: number) => number {
  const pace = (shownEndUs - shownStartUs) / (toUs - fromUs);
  return (us) => Math.round(shownStartUs + (us - fromUs) * pace);
}

/** @param taken in order of their start; they may overlap */
export function partsOutside({ startUs, endUs }: Interval, taken: readonly Interval[]): Interval[] {
  const free: Interval[] = [];
  let at = startUs;
  for (const other of taken) {
    if (other.endUs <= at) continue;
    if (other.startUs >= endUs) break;
    if (other.startUs > at) free.push({ startUs: at, endUs: other.startUs });
    at = other.endUs;
  }
  if (at < endUs) free.push({ startUs: at, endUs });
  return free;
}

/** Two sessions' ends differ by parts of a frame: that is no footage. */
function showsSomething({ startUs, endUs }: Interval, of: Interval, row: RecordedRow): boolean {
  const isWhole = startUs === of.startUs && endUs === of.endUs;
  return isWhole || endUs - startUs > row.frameUs / 2;
}

function pieceOf(part: Placed, { startUs, endUs }: Interval): FootageFileRow {
  const pace = (part.toUs - part.fromUs) / (part.shownEndUs - part.shownStartUs);
  const own = (us: number): number => {
    if (us === part.shownEndUs) return part.toUs;
    return Math.round(part.fromUs + (us - part.shownStartUs) * pace);
  };
  return { ...part.row, fromUs: own(startUs), toUs: own(endUs), shownStartUs: startUs, shownEndUs: endUs };
}

function hiddenOf(
  { startUs, endUs }: Interval,
  covered: readonly (Interval & { readonly name: string })[],
  row: RecordedRow,
): Overlap[] {
  return covered
    .filter((other) => other.startUs < endUs && other.endUs > startUs && other.name !== row.sessionName)
    .map((other) => ({
      ...{ startUs: Math.max(startUs, other.startUs), endUs: Math.min(endUs, other.endUs) },
      ...{ shown: other.name, hidden: row.sessionName },
    }))
    .filter((overlap) => overlap.endUs - overlap.startUs > row.frameUs / 2);
}

/** Puts pieces of a footage file together again where nothing else is shown between them: a hole stays a hole. */
function merged(pieces: readonly FootageFileRow[]): FootageFileRow[] {
  const result: FootageFileRow[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    const isSame = last?.id === piece.id && isSamePace(last, piece);
    if (last !== undefined && isSame)
      result[result.length - 1] = { ...last, shownEndUs: piece.shownEndUs, toUs: piece.toUs };
    else result.push(piece);
  }
  return result;
}

/** Before and after a seam a footage file's time passes in two ways. */
function isSamePace(a: FootageFileRow, b: FootageFileRow): boolean {
  const pace = (a.shownEndUs - a.shownStartUs) / (a.toUs - a.fromUs);
  return Math.abs(a.shownEndUs + (b.fromUs - a.toUs) * pace - b.shownStartUs) <= 2;
}

function joined(overlaps: readonly Overlap[]): Overlap[] {
  const result: Overlap[] = [];
  for (const overlap of overlaps) {
    const at = result.findLastIndex(
      ({ shown, hidden }) => shown === overlap.shown && hidden === overlap.hidden,
    );
    const last = result[at];
    if (last !== undefined && overlap.startUs <= last.endUs + 1)
      result[at] = { ...last, endUs: Math.max(last.endUs, overlap.endUs) };
    else result.push(overlap);
  }
  return result;
}
