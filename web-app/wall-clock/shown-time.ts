import { gapsWithin } from "#shared/domain/footage.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import type { WebShownRun } from "#shared/web-api/web-api.ts";

/** A run with its instants as numbers (milliseconds since 1970 UTC; media seconds). */
export interface ShownRun {
  readonly startUtcMs: number;
  readonly endUtcMs: number;
  readonly mediaStartS: number;
}

/** What lies at an instant of the wall clock: footage, or the gap before `next` (null: nothing follows). */
export type FootageAtInstant =
  | { readonly kind: "footage"; readonly mediaS: number }
  | { readonly kind: "gap"; readonly next: ShownRun | null };

const ROUNDING_S = 0.000_5;

/** So far inside a frame its edge is not taken for its neighbour, and no frame of a camera is shorter. */
export const INSIDE_FRAME_S = 0.004;

/** A gap that the video holds a frame over is longer than seconds; what is shorter between two runs is rounding. */
const HELD_GAP_MIN_S = 0.5;

/** The runs of the contract, in the order of the media. */
export function shownRuns(runs: readonly WebShownRun[]): ShownRun[] {
  return runs
    .map((run) => ({
      startUtcMs: Date.parse(run.startUtc),
      endUtcMs: Date.parse(run.endUtc),
      mediaStartS: run.mediaStartS,
    }))
    .sort((a, b) => a.mediaStartS - b.mediaStartS);
}

/**
 * The wall-clock instant of what is shown.
 * @param mediaS position in the consolidated video, seconds from its first shown frame
 * @returns milliseconds since 1970 UTC, null when there are no runs. Rounded to whole milliseconds,
 *   because media times are multiples of 1/90000 s and the like.
 */
export function instantAt(mediaS: number, runs: readonly ShownRun[]): number | null {
  // A frame's time may lie a rounding error before the run that it begins.
  const run = runs.findLast((candidate) => candidate.mediaStartS <= mediaS + ROUNDING_S) ?? runs[0];
  if (run === undefined) return null;
  const instant = run.startUtcMs + Math.round((mediaS - run.mediaStartS) * 1_000);
  return Math.min(Math.max(instant, run.startUtcMs), run.endUtcMs);
}

/**
 * What is to be shown for an instant of the wall clock (milliseconds since 1970 UTC).
 * @param nearMediaS where a clock was set back, an instant has two pictures: the one in the run of this position, else the first
 */
export function findFootage(
  instantUtcMs: number,
  runs: readonly ShownRun[],
  nearMediaS = 0,
): FootageAtInstant {
  const holds = (run: ShownRun | undefined): run is ShownRun =>
    run !== undefined && run.startUtcMs <= instantUtcMs && instantUtcMs < run.endUtcMs;
  const here = runs.findLast((run) => run.mediaStartS <= nearMediaS + ROUNDING_S);
  const run = holds(here) ? here : runs.find(holds);
  if (run !== undefined)
    return { kind: "footage", mediaS: run.mediaStartS + (instantUtcMs - run.startUtcMs) / 1_000 };
  const later = runs.filter(({ startUtcMs }) => startUtcMs > instantUtcMs);
  return { kind: "gap", next: later.toSorted((a, b) => a.startUtcMs - b.startUtcMs)[0] ?? null };
}

/**
 * What of the asked range no run shows, its beginning and end included: not recorded, or lost since.
 * @returns in order of time
 */
export function missingWithin(asked: TimeRange, runs: readonly ShownRun[]): TimeRange[] {
  const inTime = runs.toSorted((a, b) => a.startUtcMs - b.startUtcMs);
  return gapsWithin(asked, inTime).filter((gap) => gap.endUtcMs - gap.startUtcMs > CLOCK_SET_MS);
}

/** How often footage is missing between runs, and how often the clock of what was recorded goes back. */
export function breaksBetween(runs: readonly ShownRun[]): { gaps: number; setBack: number } {
  const counts = { gaps: 0, setBack: 0 };
  for (const [index, run] of runs.entries()) {
    const before = runs[index - 1];
    if (before === undefined) continue;
    if (run.startUtcMs < before.endUtcMs - CLOCK_SET_MS) counts.setBack += 1;
    else if (run.startUtcMs - before.endUtcMs > CLOCK_SET_MS) counts.gaps += 1;
  }
  return counts;
}

/** Less is how exactly a console asks and a camera keeps time. */
const CLOCK_SET_MS = 200;

/** Media seconds at which a run's last frame ends. */
function mediaEndS(run: ShownRun): number {
  return run.mediaStartS + (run.endUtcMs - run.startUtcMs) / 1_000;
}

/** How long one frame is shown on average, seconds; gaps do not count. */
export function frameLengthS(runs: readonly ShownRun[], frameCount: number): number {
  return runs.reduce((sum, run) => sum + mediaEndS(run) - run.mediaStartS, 0) / frameCount;
}

/**
 * A position with footage. The video may hold the last frame of a run over a gap; nobody waits
 * there: forward leads to the next run, backward to the last frame before the gap.
 * @param mediaS the wished position, media seconds
 */
export function positionBesideGap(
  mediaS: number,
  direction: "forward" | "backward",
  runs: readonly ShownRun[],
): number {
  const before = runs.findLast((run) => run.mediaStartS <= mediaS);
  const after = runs.find((run) => run.mediaStartS > mediaS);
  if (before === undefined || after === undefined) return mediaS;
  if (mediaS < mediaEndS(before) || after.mediaStartS - mediaEndS(before) < HELD_GAP_MIN_S) return mediaS;
  return direction === "forward" ? after.mediaStartS + INSIDE_FRAME_S : mediaEndS(before) - INSIDE_FRAME_S;
}
