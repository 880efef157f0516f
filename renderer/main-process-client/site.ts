import type { RequestOutput } from "#shared/ipc-contract/contract.ts";
import { useChange } from "./change.ts";
import { cacheValue, useReading } from "./reading.ts";
import { useHasPrivilege } from "./operator.ts";

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

export const useRenameOwnArchive = () =>
  useChange("site.renameOwnArchive", (client, value) => cacheValue(client, "site.state", value));

/** Whoever changes where footage comes from loads the page anew: see `readsFromElsewhere`. */
export const useSaveArchive = () =>
  useChange("site.saveArchive", (client, value) => cacheValue(client, "site.state", value));

export const useRemoveArchive = () =>
  useChange("site.removeArchive", (client, value) => cacheValue(client, "site.state", value));

export const useChooseArchive = () => useChange("site.useArchive");

type SiteState = RequestOutput<"site.state">;

/** Whether footage comes from another address now: the page's policy still names the one before. */
export function readsFromElsewhere(before: SiteState, now: SiteState): boolean {
  const addressIn = ({ archives }: SiteState) => archives.find(({ isInUse }) => isInUse)?.address;
  return addressIn(before) !== addressIn(now);
}
