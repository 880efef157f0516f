import type { AskedFootage } from "../index/archive-footage.ts";
import type { FootageFileRow, SessionRow } from "../index/index-rows.ts";
import { unpackSamples } from "../index/sample-table.ts";
import { drawnClock, instantUs } from "../index/session-clock.ts";

/**
 * The sessions of which a frame starts in the range, by id, in order of time. A session whose last frame only lasts
 * into the range is not among them: its format does not matter, unless the first frames in the range need its.
 * @param rows from `readFootageFileRows`
 */
export function sessionsWithin(
  asked: AskedFootage,
  rows: readonly FootageFileRow[],
): Map<number, SessionRow> {
  const all = new Map(asked.index.sessions(asked.cameraId).map((session) => [session.id, session]));
  const within = new Map<number, SessionRow>();
  for (const row of rows) {
    const session = all.get(row.sessionId);
    if (session === undefined || within.has(session.id)) continue;
    if (!showsFrame(asked, session, row)) continue;
    const before = within.size === 0 ? takenOverAt(row, session, all) : undefined;
    if (before !== undefined) within.set(before.id, before);
    within.set(session.id, session);
  }
  return within;
}

/** The first pictures of a session can need those before, which only the session has that it took over from. */
function takenOverAt(
  row: FootageFileRow,
  session: SessionRow,
  all: ReadonlyMap<number, SessionRow>,
): SessionRow | undefined {
  if (session.seam === null || row.startUs !== session.startUs) return undefined;
  return [...all.values()].find(({ name }) => name === session.seam?.session);
}

function showsFrame({ index, range }: AskedFootage, session: SessionRow, row: FootageFileRow): boolean {
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
