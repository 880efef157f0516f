import type { QueryClient } from "@tanstack/react-query";
import type { Privilege } from "#shared/domain/operator.ts";
import type { RequestName } from "#shared/ipc-contract/contract.ts";
import type { LogOnState } from "#shared/ipc-contract/operator-contract.ts";
import { useChange } from "./change.ts";
import { cacheValue, useReading } from "./reading.ts";

/** Answers that stay true whoever is logged on. */
const OF_NOBODY: ReadonlySet<unknown> = new Set<RequestName>(["operator.state", "windows.own"]);

/** Takes over who is logged on. What another operator was shown is forgotten before anything is drawn. */
export function cacheLogOn(client: QueryClient, state: LogOnState): void {
  const before = client.getQueryData<{ ok: boolean; value?: LogOnState }>(["operator.state", undefined]);
  if (before?.value?.operator?.username !== state.operator?.username) {
    client.removeQueries({ predicate: ({ queryKey }) => !OF_NOBODY.has(queryKey[0]) });
  }
  cacheValue(client, "operator.state", state);
}

export const useLogOnState = () => useReading("operator.state", undefined);
export const useLogOn = () => useChange("operator.logOn", cacheLogOn);
export const useLogOff = () => useChange("operator.logOff", cacheLogOn);

/** Whether somebody is logged on; queries of anything else wait for it. */
export function useIsLoggedOn(): boolean {
  return (useLogOnState().value?.operator ?? null) !== null;
}

/** Hides only; the main process refuses by itself. */
export function useHasPrivilege(privilege: Privilege): boolean {
  return useLogOnState().value?.operator?.privileges.includes(privilege) ?? false;
}
