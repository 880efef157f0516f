import type { TimeRange } from "#shared/domain/time-range.ts";
import type { FootageIndex, SegmentRow, SessionRow } from "../index/footage-index.ts";
import { unpackSamples } from "../index/sample-table.ts";
import { drawnClock, instantUs } from "../index/session-clock.ts";

/**
 * The sessions of which a frame starts in the range, by id, in order of time. A session whose last frame only lasts
 * into the range is not among them: its format does not matter.
 * @param rows from `readSegmentRows`
 */
export function sessionsWithin(
  index: FootageIndex,
  cameraId: string,
  range: TimeRange,
  rows: readonly SegmentRow[],
): Map<number, SessionRow> {
  const all = new Map(index.sessions(cameraId).map((session) => [session.id, session]));
  const within = new Map<number, SessionRow>();
  for (const row of rows) {
    const session = all.get(row.sessionId);
    if (session === undefined || within.has(session.id)) continue;
    if (showsFrame(index, session, row, range)) within.set(session.id, session);
  }
  return within;
}

function showsFrame(index: FootageIndex, session: SessionRow, row: SegmentRow, range: TimeRange): boolean {
  const startUs = Math.max(range.startUtcMs * 1000, row.shownStartUs);
  const endUs = Math.min(range.endUtcMs * 1000, row.shownEndUs);
  if (row.fromUs === row.startUs && row.shownStartUs === startUs) return startUs < endUs;
  const clock = drawnClock(session, row);
  const { firstDecodeTicks, samples } = unpackSamples(index.samples(row.id));
  let decodeTicks = firstDecodeTicks;
  return samples.some(({ durationTicks, compositionOffsetTicks }) => {
    const shownUs = instantUs(clock, decodeTicks + compositionOffsetTicks);
    decodeTicks += durationTicks;
    return shownUs >= startUs && shownUs < endUs;
  });
}
