import type { QueryClient } from "@tanstack/react-query";
import type { NetworkState } from "#shared/ipc-contract/network-contract.ts";
import { useChange } from "./change.ts";
import { cacheValue, useReading } from "./reading.ts";

const cacheNetwork = (client: QueryClient, state: NetworkState) => cacheValue(client, "network.state", state);

export const useNetwork = () => useReading("network.state", undefined);
export const useAddAuthorities = () => useChange("network.addAuthorities", cacheNetwork);
export const useRemoveAuthority = () => useChange("network.removeAuthority", cacheNetwork);
export const useProxyChoice = () => useChange("network.useProxy", cacheNetwork);
