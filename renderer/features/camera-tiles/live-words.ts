import type { CameraState } from "#shared/domain/camera.ts";
import { formatDuration } from "#shared/words/durations.ts";

/** A picture this old is still called live without saying how old it is. */
const FRESH_MS = 3_000;
/** The colour of what is live is for pictures of the present. */
const LATE_MS = 15_000;

export interface LiveWords {
  readonly text: string;
  readonly title: string;
  readonly tone: "live" | "late";
}

/**
 * What stands at a tile that shows what comes in, of a camera that is recorded or about to be: what was recorded before
 * may be on the screen already.
 * @param ageMs of the picture on the screen; null while there is none
 * @returns null for a camera that is neither: why there is no live picture is said then
 */
export function liveWords(state: CameraState, ageMs: number | null): LiveWords | null {
  if (state !== "recording" && state !== "connecting") return null;
  const tone = ageMs !== null && ageMs <= LATE_MS ? "live" : "late";
  if (ageMs === null) return { text: WORDS[state], title: "No picture yet", tone };
  const age = formatDuration(Math.round(ageMs / 1000) * 1000);
  const title = `The picture is ${age} old`;
  if (ageMs <= FRESH_MS) return { text: WORDS[state], title, tone };
  // “Connecting · 21 s” would read as how long it has been connecting.
  const aged = state === "connecting" ? `picture ${age} old` : age;
  return { text: `${WORDS[state]} · ${aged}`, title, tone };
}

const WORDS = { recording: "Live", connecting: "Connecting" };
