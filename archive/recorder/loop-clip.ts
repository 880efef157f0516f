/** A loop clip lasts one minute, so that the second burnt into it is that of the wall clock. */
export const LOOP_CLIP_MS = 60_000;

/** A loop clip has a keyframe at every multiple of this, so that it can be entered there. */
export const LOOP_KEYFRAME_MS = 2_000;

/** Time that a recorder takes from its start to its first frame on an idle machine. */
const START_UP_MS = 120;

/** Next instant at which a loop can be entered in step with the wall clock, leaving time to start. */
export function nextLoopStartMs(nowUtcMs: number): number {
  return Math.ceil((nowUtcMs + START_UP_MS) / LOOP_KEYFRAME_MS) * LOOP_KEYFRAME_MS;
}

/** How long to wait before the recorder of a loop is started. */
export function loopDelayMs(startUtcMs: number, nowUtcMs: number): number {
  return Math.max(0, startUtcMs - START_UP_MS - nowUtcMs);
}

/**
 * A list for ffmpeg's concat reader: the clip from the current second of the minute, then again and
 * again. (`-stream_loop` with `-ss` computes wrong times from the second round on.)
 * @param clip its whole path
 * @param lengthMs how long the list must last at least
 */
export function loopList(clip: string, startUtcMs: number, lengthMs: number): string {
  const entry = `file '${clip.replaceAll("'", String.raw`'\''`)}'`;
  const enteredMs = startUtcMs % LOOP_CLIP_MS;
  const rounds = Math.ceil(lengthMs / LOOP_CLIP_MS) + 1;
  const first = [entry, `inpoint ${seconds(enteredMs)}`, `duration ${seconds(LOOP_CLIP_MS - enteredMs)}`];
  const others = Array.from({ length: rounds }, () => [entry, `duration ${seconds(LOOP_CLIP_MS)}`]).flat();
  return ["ffconcat version 1.0", ...first, ...others, ""].join("\n");
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);
