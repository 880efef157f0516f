import type { RequestInput } from "#shared/ipc-contract/contract.ts";
import { ask } from "./bridge.ts";

/** Resolves when the picture is on the disk, or with why it is not. */
export const keepSnapshot = (snapshot: RequestInput<"snapshot.save">) => ask("snapshot.save", snapshot);
