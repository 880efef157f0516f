import type { CameraClock } from "./frames/camera-own-time.ts";
import type { ToldCameraProblem } from "#shared/archive-api/archive-api.ts";
import { formatRoughDuration } from "#shared/words/durations.ts";

/** A clock that is off by less loses no second in a day that would be looked for. */
const DRIFT_LEAST = 0.005;

/** A jump is said for this long. */
const JUMP_SAID_MS = 10 * 60_000;

/** What people are told of a camera's clock; null where it is well. */
export function cameraClockProblem(clock: CameraClock, nowUs: number): ToldCameraProblem | null {
  const said = [driftWords(clock.pace), jumpWords(clock, nowUs)].filter((words) => words !== null);
  if (said.length === 0) return null;
  const message = `The camera's clock ${said.join(" and ")}; footage is dated by when it arrives.`;
  return { code: "CAMERA_CLOCK", message };
}

function driftWords(pace: number): string | null {
  const rate = 1 / pace;
  if (Math.abs(rate - 1) < DRIFT_LEAST) return null;
  const percent = (100 * Math.abs(rate - 1)).toFixed(Math.abs(rate - 1) < 0.1 ? 1 : 0);
  return `runs ${percent} % ${rate < 1 ? "slow" : "fast"}`;
}

function jumpWords({ jumps, lastJump }: CameraClock, nowUs: number): string | null {
  if (lastJump === null || nowUs - lastJump.atUs > JUMP_SAID_MS * 1000) return null;
  if (lastJump.byUs === null) return "went back";
  const by = formatRoughDuration(Math.abs(lastJump.byUs) / 1_000);
  const times = jumps > 1 ? `, the last of ${jumps} jumps` : "";
  return `jumped ${lastJump.byUs < 0 ? "back" : "ahead"} by ${by}${times}`;
}
