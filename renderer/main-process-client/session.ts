import type { QueryClient } from "@tanstack/react-query";
import type { Privilege } from "#shared/domain/operator.ts";
import type { RequestName } from "#shared/ipc-contract/contract.ts";
import type { SessionState } from "#shared/ipc-contract/session-contract.ts";
import { useChange } from "./change.ts";
import { cacheValue, useReading } from "./reading.ts";

/** Answers that stay true whoever is logged on. */
const OF_NOBODY: ReadonlySet<unknown> = new Set<RequestName>(["session.state", "windows.own"]);

/** Takes over a new session. What another operator was shown is forgotten before anything is drawn. */
export function cacheSession(client: QueryClient, state: SessionState): void {
  const before = client.getQueryData<{ ok: boolean; value?: SessionState }>(["session.state", undefined]);
  if (before?.value?.operator?.username !== state.operator?.username) {
    client.removeQueries({ predicate: ({ queryKey }) => !OF_NOBODY.has(queryKey[0]) });
  }
  cacheValue(client, "session.state", state);
}

export const useSession = () => useReading("session.state", undefined);
export const useLogOn = () => useChange("session.logOn", cacheSession);
export const useLogOff = () => useChange("session.logOff", cacheSession);

/** Whether somebody is logged on; queries of anything else wait for it. */
export function useIsLoggedOn(): boolean {
  return (useSession().value?.operator ?? null) !== null;
}

/** Hides only; the main process refuses by itself. */
export function useHasPrivilege(privilege: Privilege): boolean {
  return useSession().value?.operator?.privileges.includes(privilege) ?? false;
}
