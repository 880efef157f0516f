import { useChange } from "./change.ts";
import { cacheValue, useReading } from "./reading.ts";
import { useHasPrivilege } from "./session.ts";

/** The system's own settings change it too. */
const LOOK_EVERY_MS = 2_000;

/** Whether the console is started when its user logs on to the computer, as it is now. */
export function useStartAtLogOn() {
  return useReading("startup.state", undefined, {
    enabled: useHasPrivilege("configure"),
    freshForMs: 0,
    everyMs: LOOK_EVERY_MS,
  });
}

export const useChangeStartAtLogOn = () =>
  useChange("startup.change", (client, value) => cacheValue(client, "startup.state", value));
