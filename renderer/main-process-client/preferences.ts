import { useChange } from "./change.ts";
import { cacheValue, useReading } from "./reading.ts";
import { useIsLoggedOn } from "./operator.ts";

export function usePreferences() {
  return useReading("preferences.get", undefined, { enabled: useIsLoggedOn() });
}

export const useUpdatePreferences = () =>
  useChange("preferences.update", (client, value) => cacheValue(client, "preferences.get", value));
