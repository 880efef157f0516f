import { gapsWithin, type Footage, type Run } from "#shared/domain/footage.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import type { Overlap, Stretch } from "./index-rows.ts";

/**
 * Joins stretches that follow each other within one frame; a larger hole begins a new run. A new
 * recording session that takes over within a frame continues the run: nothing is missing there.
 * @param stretches in order of their start; they may overlap
 */
export function joinStretches(stretches: Iterable<Stretch>): Stretch[] {
  const runs: { startUs: number; endUs: number; frameUs: number }[] = [];
  let current: { startUs: number; endUs: number; frameUs: number } | undefined;
  for (const stretch of stretches) {
    if (current !== undefined && stretch.startUs - current.endUs <= current.frameUs) {
      if (stretch.endUs > current.endUs) current.endUs = stretch.endUs;
      current.frameUs = stretch.frameUs;
    } else {
      current = { ...stretch };
      runs.push(current);
    }
  }
  return runs;
}

/**
 * Cuts holes out of stretches.
 * @param stretches in order of their start
 * @param holes in order; each lies inside one stretch or reaches to its end
 */
export function withoutHoles(
  stretches: readonly Stretch[],
  holes: readonly { readonly startUs: number; readonly endUs: number }[],
): Stretch[] {
  if (holes.length === 0) return [...stretches];
  return stretches.flatMap((stretch) => {
    const pieces: Stretch[] = [];
    let { startUs } = stretch;
    for (const hole of holes) {
      if (hole.endUs <= startUs || hole.startUs >= stretch.endUs) continue;
      if (hole.startUs > startUs) pieces.push({ ...stretch, startUs, endUs: hole.startUs });
      startUs = hole.endUs;
    }
    if (startUs < stretch.endUs) pieces.push({ ...stretch, startUs });
    return pieces;
  });
}

/** In milliseconds, rounded outwards as runs are. */
export function toOverlapMs({ startUs, endUs, shown, hidden }: Overlap) {
  return { startUtcMs: Math.floor(startUs / 1000), endUtcMs: Math.ceil(endUs / 1000), shown, hidden };
}

/**
 * Runs and gaps that fill the range exactly, in milliseconds. A run's start is rounded down and its end
 * up, so that an export of a run asks for every one of its frames.
 */
export function footageWithin(range: TimeRange, stretches: Iterable<Stretch>): Footage {
  const runs: Run[] = [];
  for (const run of joinStretches(stretches)) {
    const startUtcMs = Math.max(range.startUtcMs, Math.floor(run.startUs / 1000));
    const endUtcMs = Math.min(range.endUtcMs, Math.ceil(run.endUs / 1000));
    if (endUtcMs > startUtcMs) runs.push({ startUtcMs, endUtcMs });
  }
  return { runs, gaps: gapsWithin(range, runs) };
}
