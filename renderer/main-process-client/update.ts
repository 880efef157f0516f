import type { QueryClient } from "@tanstack/react-query";
import type { UpdateState } from "#shared/ipc-contract/update-contract.ts";
import { useChange } from "./change.ts";
import { cacheValue, useReading } from "./reading.ts";

const cacheUpdate = (client: QueryClient, state: UpdateState) => cacheValue(client, "update.state", state);

/** A look that began at the start may end while somebody waits for what it finds. */
export const useUpdate = () => useReading("update.state", undefined, { freshForMs: 0, everyMs: 2_000 });
export const useUpdatePlace = () => useChange("update.usePlace", cacheUpdate);
export const useLookForUpdate = () => useChange("update.look", cacheUpdate);
export const useInstallUpdate = () => useChange("update.install");
