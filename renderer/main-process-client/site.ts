import { useChange } from "./change.ts";
import { cacheValue, useReading } from "./reading.ts";
import { useHasPrivilege } from "./session.ts";

/** What archives hold grows all the time. */
const LOOK_EVERY_MS = 5_000;

/** The site and its archives, for administrators. */
export function useSite() {
  return useReading("site.state", undefined, {
    enabled: useHasPrivilege("configure"),
    everyMs: LOOK_EVERY_MS,
  });
}

export const useChangeTimeZone = () =>
  useChange("site.changeTimeZone", (client, value) => cacheValue(client, "site.state", value));
