import type { TimeRange } from "#shared/domain/time-range.ts";
import type { FootageIndex } from "../index/footage-index.ts";
import type { SegmentRow } from "../index/index-rows.ts";
import { unpackSamples } from "../index/sample-table.ts";
import { drawnClock, instantUs } from "../index/session-clock.ts";

/** When each frame begins that is shown in a range, microseconds UTC, in order. @param recording the one that is meant */
export function frameInstants(
  index: FootageIndex,
  cameraId: string,
  range: TimeRange,
  recording?: string,
): number[] {
  const [startUs, endUs] = [range.startUtcMs * 1000, range.endUtcMs * 1000];
  const all = index.segments(cameraId, range, recording).flatMap((row) => instantsOf(index, cameraId, row));
  const within = all.filter((atUs) => atUs >= startUs && atUs < endUs);
  return [...new Set(within)].sort((a, b) => a - b);
}

function instantsOf(index: FootageIndex, cameraId: string, row: SegmentRow): number[] {
  const session = index.session(cameraId, row.sessionName);
  if (session === undefined) return [];
  const clock = drawnClock(session, row);
  const { firstDecodeTicks, samples } = unpackSamples(index.samples(row.id));
  let ticks = firstDecodeTicks;
  return samples.flatMap(({ durationTicks, compositionOffsetTicks }) => {
    const atUs = instantUs(clock, ticks + compositionOffsetTicks);
    ticks += durationTicks;
    return atUs >= row.shownStartUs && atUs < row.shownEndUs ? [atUs] : [];
  });
}
