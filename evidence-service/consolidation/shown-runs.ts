import type { WebShownRun } from "#shared/web-api/web-api.ts";
import { isoInstant } from "../service-context.ts";
import { isShown, type JoinedTrack } from "./join-segments.ts";

/** A frame that lasts longer than this, and much longer than the usual, stands for missing footage. */
const GAP_MIN_S = 2;
const GAP_MIN_FRAMES = 5;

/** Counts the frames that are shown, and finds the stretches without a break among them. */
export function shownRuns(joined: JoinedTrack): { frameCount: number; runs: WebShownRun[] } {
  const { samples, edits, track } = joined;
  const times: number[] = [];
  let decode = 0;
  for (const sample of samples) {
    const composed = decode + sample.compositionOffsetTicks;
    if (isShown(edits, composed)) times.push(composed);
    decode += sample.durationTicks;
  }
  times.sort((a, b) => a - b);
  const usual = usualStep(times);
  const gap = Math.max(GAP_MIN_S * track.timescale, GAP_MIN_FRAMES * usual);
  const last = edits.at(-1);
  const endTicks = last === undefined ? 0 : last.mediaStartTicks + last.durationTicks;
  const runs: WebShownRun[] = [];
  let runStart = times[0] ?? 0;
  times.forEach((time, index) => {
    const next = times[index + 1];
    if (next !== undefined && next - time <= gap) return;
    const endsAt = next === undefined && endTicks - time <= gap ? endTicks : time + usual;
    runs.push(describe(joined, runStart, endsAt));
    runStart = next ?? runStart;
  });
  return { frameCount: times.length, runs };
}

/** The median distance of two frames, ticks. */
function usualStep(times: readonly number[]): number {
  const steps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  return steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 1;
}

function describe(joined: JoinedTrack, startTicks: number, endTicks: number): WebShownRun {
  const { timescale } = joined.track;
  const first = joined.edits[0]?.mediaStartTicks ?? 0;
  return {
    startUtc: isoInstant(wallClockMs(joined, startTicks)),
    endUtc: isoInstant(wallClockMs(joined, endTicks)),
    mediaStartS: Math.max(0, startTicks - first) / timescale,
  };
}

/** The wall-clock instant of a composition time, milliseconds UTC. */
export function wallClockMs(joined: JoinedTrack, ticks: number): number {
  const place = joined.places.findLast((candidate) => candidate.startTicks <= ticks) ?? joined.places[0];
  const sincePlace = ticks - (place?.startTicks ?? 0);
  return (place?.startUtcMs ?? 0) + (sincePlace * 1_000) / joined.track.timescale;
}
