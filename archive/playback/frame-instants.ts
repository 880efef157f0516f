import type { AskedFootage } from "../index/archive-footage.ts";
import type { FootageFileRow } from "../index/index-rows.ts";
import { unpackSamples } from "../index/sample-table.ts";
import { drawnClock, instantUs } from "../index/session-clock.ts";

type AskedFrames = Omit<AskedFootage, "dir">;

/** When each frame begins that is shown in a range, microseconds UTC, in order. */
export function frameInstants(asked: AskedFrames): number[] {
  const { index, range } = asked;
  const [startUs, endUs] = [range.startUtcMs * 1000, range.endUtcMs * 1000];
  const all = index.footageFiles(asked).flatMap((row) => instantsOf(asked, row));
  const within = all.filter((atUs) => atUs >= startUs && atUs < endUs);
  return [...new Set(within)].sort((a, b) => a - b);
}

function instantsOf({ index, cameraId }: AskedFrames, row: FootageFileRow): number[] {
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
