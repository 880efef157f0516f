import type { WebShownRun } from "#shared/web-api/web-api.ts";

/** A run with its instants as numbers (milliseconds since 1970 UTC; media seconds). */
export interface ShownRun {
  readonly startUtcMs: number;
  readonly endUtcMs: number;
  readonly mediaStartS: number;
}

/** What lies at an instant of the wall clock: footage, or the gap before `next` (null: nothing follows). */
export type Found =
  | { readonly kind: "footage"; readonly mediaS: number }
  | { readonly kind: "gap"; readonly next: ShownRun | null };

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
  const run = runs.findLast((candidate) => candidate.mediaStartS <= mediaS + 0.000_5) ?? runs[0];
  if (run === undefined) return null;
  const instant = run.startUtcMs + Math.round((mediaS - run.mediaStartS) * 1_000);
  return Math.min(Math.max(instant, run.startUtcMs), run.endUtcMs);
}

/** What is to be shown for an instant of the wall clock (milliseconds since 1970 UTC). */
export function findFootage(instantUtcMs: number, runs: readonly ShownRun[]): Found {
  const run = runs.find((candidate) => instantUtcMs < candidate.endUtcMs);
  if (run === undefined) return { kind: "gap", next: null };
  if (instantUtcMs < run.startUtcMs) return { kind: "gap", next: run };
  return { kind: "footage", mediaS: run.mediaStartS + (instantUtcMs - run.startUtcMs) / 1_000 };
}

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
 * @param frameS length of a frame, seconds
 */
export function besideGap(
  mediaS: number,
  direction: "forward" | "backward",
  runs: readonly ShownRun[],
  frameS: number,
): number {
  const before = runs.findLast((run) => run.mediaStartS <= mediaS);
  const after = runs.find((run) => run.mediaStartS > mediaS);
  if (before === undefined || after === undefined) return mediaS;
  // A gap in the video is longer than a frame; anything shorter is a rounding error.
  if (mediaS < mediaEndS(before) || after.mediaStartS - mediaEndS(before) <= frameS) return mediaS;
  // Into the middle of the frame: its very edge may be taken for its neighbour.
  return direction === "forward" ? after.mediaStartS + frameS / 2 : mediaEndS(before) - frameS / 2;
}
