import type { TimeRange } from "#shared/domain/time-range.ts";
import type { FootageIndex } from "../index/footage-index.ts";
import type { SegmentRow, Stretch } from "../index/index-rows.ts";
import { slicesOf, type Turns } from "./turns.ts";

/**
 * The segments of which something is shown in the range, in order of time, and before them the one that the first frames
 * may need to be decoded.
 */
export async function readSegmentRows(
  index: FootageIndex,
  cameraId: string,
  range: TimeRange,
  turns: Turns,
  recording?: string,
): Promise<SegmentRow[]> {
  const rows: SegmentRow[] = [];
  for (const slice of slicesOf({ ...range, startUtcMs: Math.max(0, range.startUtcMs - 1) })) {
    const found = index.segments(cameraId, slice, recording);
    const lastStartUs = rows.at(-1)?.shownStartUs ?? -1;
    rows.push(...found.filter((row) => row.shownStartUs > lastStartUs));
    await turns.step();
  }
  return [...rowBefore(index, cameraId, rows[0], range, recording), ...rows];
}

/**
 * A key frame of an open GOP is followed by pictures that are shown before it and need the segment before. The range may
 * begin among those.
 */
function rowBefore(
  index: FootageIndex,
  cameraId: string,
  first: SegmentRow | undefined,
  range: TimeRange,
  recording: string | undefined,
): SegmentRow[] {
  const isWithin = first !== undefined && first.shownEndUs > range.startUtcMs * 1000;
  if (!isWithin || first.shownStartUs >= range.startUtcMs * 1000) return [];
  const atMs = Math.floor(first.shownStartUs / 1000);
  const found = index.segments(cameraId, { startUtcMs: atMs - 1, endUtcMs: atMs }, recording);
  return found.filter((row) => row.shownEndUs === first.shownStartUs).slice(-1);
}

/** As `index.stretches`, in steps. */
export async function readStretches(
  index: FootageIndex,
  cameraId: string,
  range: TimeRange,
  turns: Turns,
  recording?: string,
): Promise<Stretch[]> {
  const stretches: Stretch[] = [];
  for (const slice of slicesOf(range)) {
    const isFirst = slice.startUtcMs === range.startUtcMs;
    const fromUs = isFirst ? 0 : slice.startUtcMs * 1000;
    const untilUs = slice.endUtcMs * 1000;
    const found = index.stretches(cameraId, slice, recording);
    stretches.push(...found.filter((stretch) => stretch.startUs >= fromUs && stretch.startUs < untilUs));
    await turns.step();
  }
  return stretches;
}
