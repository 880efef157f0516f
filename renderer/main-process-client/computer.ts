/** What is asked of the computer that the console runs on: its log-on, its folders. */
import type { RequestInput } from "#shared/ipc-contract/contract.ts";
import { ask } from "./bridge.ts";
import { useChange } from "./change.ts";
import { cacheValue, useReading } from "./reading.ts";
import { useHasPrivilege } from "./operator.ts";

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

/** Which program this is, and where its log lies. */
export const useAbout = () => useReading("report.about", undefined);

export const usePrepareReport = () => useChange("report.prepare");
export const useSaveReport = () => useChange("report.save");

/** Resolves when the picture is on the disk, or with why it is not. */
export const keepSnapshot = (snapshot: RequestInput<"snapshot.save">) => ask("snapshot.save", snapshot);
