import type { QueryClient } from "@tanstack/react-query";
import type { Answer } from "#shared/ipc-contract/contract.ts";
import type { DestinationChange, DestinationState } from "#shared/ipc-contract/destination-contract.ts";
import { useChange } from "./change.ts";
import { cacheValue, useReading } from "./reading.ts";
import { useHasPrivilege, useIsLoggedOn } from "./operator.ts";

/** Cases and the form of a new case change in the service, unannounced. */
const SERVICE_FRESH_MS = 10_000;
const CLOCK_FRESH_MS = 15_000;

/** Cases, forms and clocks are those of one account: with another one, what was read before is forgotten. */
export function cacheDestination(client: QueryClient, state: DestinationState): void {
  const before = client.getQueryData<Answer<"destination.state">>(["destination.state", undefined]);
  cacheValue(client, "destination.state", state);
  if (before?.ok !== true || before.value.accountId === state.accountId) return;
  for (const name of ["destination.cases", "destination.caseForm", "destination.clock"]) {
    void client.resetQueries({ queryKey: [name] });
  }
}

const cacheChange = (client: QueryClient, change: DestinationChange) => {
  if (change.kind === "changed") cacheDestination(client, change.state);
};

export function useDestination() {
  return useReading("destination.state", undefined, { enabled: useIsLoggedOn() });
}

/** Nothing announces what is written and sent. */
const SPOOL_USE_EVERY_MS = 2_000;

export function useSpoolUse() {
  return useReading("destination.spoolUse", undefined, {
    enabled: useIsLoggedOn(),
    freshForMs: 0,
    everyMs: SPOOL_USE_EVERY_MS,
  });
}

/** Cases of the service whose name or numbers hold the text; the earlier list stays while the new one is read. */
export function useCases(text: string) {
  return useReading(
    "destination.cases",
    { text },
    { enabled: useHasPrivilege("send-to-clearance"), keepsPrevious: true, freshForMs: SERVICE_FRESH_MS },
  );
}

export function useCaseForm() {
  return useReading("destination.caseForm", undefined, {
    enabled: useHasPrivilege("send-to-clearance"),
    freshForMs: SERVICE_FRESH_MS,
  });
}

/** How far the service is ahead of this computer, measured again and again: somebody may be setting the clock. */
export function useServiceClock() {
  return useReading("destination.clock", undefined, {
    enabled: useHasPrivilege("send-to-clearance"),
    freshForMs: CLOCK_FRESH_MS,
    everyMs: CLOCK_FRESH_MS,
  });
}

export const useImportConnectionFile = () => useChange("destination.importConnectionFile", cacheChange);
export const useEmbeddedDestination = () => useChange("destination.useEmbedded", cacheChange);
export const useTestDestination = () => useChange("destination.test", cacheDestination);
export const useConfigureDestination = () => useChange("destination.configure", cacheDestination);
