/**
 * `network`: reached over the network, and away when the network is.
 * `memory`: gone when the computer restarts.
 */
export type SpoolDiskKind = "local" | "network" | "memory";
