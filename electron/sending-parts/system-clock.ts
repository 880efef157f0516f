import { setTimeout as sleep } from "node:timers/promises";
import type { PipelineParts } from "../export-pipeline/tracked/pipeline-context.ts";

/** What time it is, how long something lasts, and how pauses are made. */
export type SendingClock = Pick<PipelineParts, "now" | "steadyNow" | "pause">;

/** The time of this machine. */
export const systemClock: SendingClock = { now: Date.now, steadyNow: () => performance.now(), pause };

/** Resolves after the time, or at once when the signal aborts or the time is not positive. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return;
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
