import type { Edit, Sample } from "./track.ts";

/** What is left of a track when only a part of it is shown. */
export interface Cut<S extends Sample> {
  /** In decode order: from the sync sample that decoding must start at, to the last one that is needed. */
  samples: S[];
  /** Index of the first of them in the list that was cut. */
  firstIndex: number;
  /** One edit; its times count from the decode time of the first sample that is left. */
  edits: Edit[];
  /** How many of the samples are shown; the others are the pre-roll, and what its order drags along. */
  shownCount: number;
  /** Composition time of the first frame shown, and where the last one ends, as the uncut track counts. */
  startTicks: number;
  endTicks: number;
}

interface Frame {
  index: number;
  composedTicks: number;
  durationTicks: number;
}

/**
 * Cuts a track to the frames that are on screen between two instants: the one shown at `startTicks` (or the first
 * after it) to the last one that begins before `endTicks`. Nothing beyond is kept, as players take what lies behind
 * the edit for a part of the duration.
 * @param samples in decode order; the first is decoded at 0. @param startTicks and `endTicks`: composition times.
 * @returns undefined when nothing is shown in that time.
 */
export function cutSamples<S extends Sample>(
  samples: readonly S[],
  startTicks: number,
  endTicks: number,
): Cut<S> | undefined {
  const frames = framesInDecodeOrder(samples);
  const shownOrder = frames.toSorted((a, b) => a.composedTicks - b.composedTicks);
  const atStart = shownOrder.findLastIndex((frame) => frame.composedTicks <= startTicks);
  const afterEnd = shownOrder.findIndex((frame) => frame.composedTicks >= endTicks);
  const shown = shownOrder.slice(Math.max(atStart, 0), afterEnd === -1 ? undefined : afterEnd);
  const [first, last] = [shown[0], shown.at(-1)];
  if (!first || !last || endOf(last) <= startTicks) return undefined;
  const next = afterEnd === -1 ? undefined : shownOrder[afterEnd];
  const end = Math.min(endOf(last), next?.composedTicks ?? Infinity);
  const firstIndex = decodeStart(samples, frames, first);
  const lastIndex = shown.reduce((highest, frame) => Math.max(highest, frame.index), 0);
  const baseTicks = decodeTime(samples, firstIndex);
  const edit = { mediaStartTicks: first.composedTicks - baseTicks, durationTicks: end - first.composedTicks };
  return {
    samples: samples.slice(firstIndex, lastIndex + 1),
    firstIndex,
    edits: [edit],
    shownCount: shown.length,
    startTicks: first.composedTicks,
    endTicks: end,
  };
}

function framesInDecodeOrder(samples: readonly Sample[]): Frame[] {
  let decodeTicks = 0;
  return samples.map(({ durationTicks, compositionOffsetTicks }, index) => {
    const composedTicks = decodeTicks + compositionOffsetTicks;
    decodeTicks += durationTicks;
    return { index, composedTicks, durationTicks };
  });
}

function endOf(frame: Frame): number {
  return frame.composedTicks + frame.durationTicks;
}

function decodeTime(samples: readonly Sample[], index: number): number {
  let ticks = 0;
  for (let at = 0; at < index; at++) ticks += samples[at]!.durationTicks;
  return ticks;
}

/**
 * The sync sample before a frame. A frame that is decoded after a sync sample but shown before it (a leading picture
 * of an open GOP) may need the GOP before; 0 when the list has no earlier sync sample.
 */
function decodeStart(samples: readonly Sample[], frames: readonly Frame[], first: Frame): number {
  for (let index = first.index; index > 0; index--) {
    if (samples[index]!.isSync && frames[index]!.composedTicks <= first.composedTicks) return index;
  }
  return 0;
}
