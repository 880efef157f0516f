import type { TimeRange } from "#shared/domain/time-range.ts";
import type { AskedFootage } from "../index/archive-footage.ts";
import type { FootageFileRow, Stretch } from "../index/index-rows.ts";
import type { SteppedWork } from "../ground/stepped-work.ts";

/** So many footage files of 4 s that reading their rows takes a turn of a few milliseconds. */
const SLICE_MS = 1_800_000;

/** A range as consecutive ranges of at most half an hour, so that no query of the index is long. */
function* slicesOf({ startUtcMs, endUtcMs }: TimeRange): Generator<TimeRange> {
  for (let at = startUtcMs; at < endUtcMs; at += SLICE_MS) {
    yield { startUtcMs: at, endUtcMs: Math.min(at + SLICE_MS, endUtcMs) };
  }
}

/**
 * The footage files of which something is shown in the range, in order of time, and before them the one that the first
 * frames may need to be decoded.
 */
export async function readFootageFileRows(asked: AskedFootage, work: SteppedWork): Promise<FootageFileRow[]> {
  const { index, range } = asked;
  const rows: FootageFileRow[] = [];
  for (const slice of slicesOf({ ...range, startUtcMs: Math.max(0, range.startUtcMs - 1) })) {
    const found = index.footageFiles({ ...asked, range: slice });
    const lastStartUs = rows.at(-1)?.shownStartUs ?? -1;
    rows.push(...found.filter((row) => row.shownStartUs > lastStartUs));
    await work.step();
  }
  return [...rowBefore(asked, rows[0]), ...rows];
}

/**
 * A key frame of an open GOP is followed by pictures that are shown before it and need the footage file before. The
 * range may begin among those.
 */
function rowBefore(asked: AskedFootage, first: FootageFileRow | undefined): FootageFileRow[] {
  const { index, range } = asked;
  const isWithin = first !== undefined && first.shownEndUs > range.startUtcMs * 1000;
  if (!isWithin || first.shownStartUs >= range.startUtcMs * 1000) return [];
  const atMs = Math.floor(first.shownStartUs / 1000);
  const found = index.footageFiles({ ...asked, range: { startUtcMs: atMs - 1, endUtcMs: atMs } });
  return found.filter((row) => row.shownEndUs === first.shownStartUs).slice(-1);
}

/** As `index.stretches`, in steps. */
export async function readStretches(asked: AskedFootage, work: SteppedWork): Promise<Stretch[]> {
  const { index, range } = asked;
  const stretches: Stretch[] = [];
  for (const slice of slicesOf(range)) {
    const isFirst = slice.startUtcMs === range.startUtcMs;
    const fromUs = isFirst ? 0 : slice.startUtcMs * 1000;
    const untilUs = slice.endUtcMs * 1000;
    const found = index.stretches({ ...asked, range: slice });
    stretches.push(...found.filter((stretch) => stretch.startUs >= fromUs && stretch.startUs < untilUs));
    await work.step();
  }
  return stretches;
}
