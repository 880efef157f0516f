import type { ToldCameraProblem } from "#shared/archive-api/archive-api.ts";
import { formatRoughDuration } from "#shared/words/durations.ts";
import type { Log } from "../ground/log.ts";
import type { AgeClock } from "./age-clock.ts";
import type { SpaceWatch } from "./space-watch.ts";

/** Why nothing is deleted although something should be, told to whoever asks and once to the log. */
export function heldReasons(clock: AgeClock, space: SpaceWatch, log: Log) {
  let told: ToldCameraProblem["code"] | null = null;
  const problem = (): ToldCameraProblem | null => {
    if (clock.aheadMs > 0) return { code: "CLOCK_DOUBTED", message: doubtOf(clock.aheadMs) };
    if (space.isHeld) return { code: "DISK_STAYS_FULL", message: DISK_STAYS_FULL };
    return null;
  };
  return {
    problem,
    tell() {
      const found = problem();
      if (found !== null && found.code !== told) log(found.message);
      if (found === null && told !== null) log("old footage is deleted again as the settings say");
      told = found?.code ?? null;
    },
  };
}

const DISK_STAYS_FULL =
  "footage was deleted and the disk stayed as full as before; nothing more is deleted for the next ten minutes";

function doubtOf(aheadMs: number): string {
  return `the archive's clock is ${formatRoughDuration(aheadMs)} ahead of the time that has passed; nothing is deleted by its age until an administrator confirms the clock or it is set back`;
}
