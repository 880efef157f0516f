import { saveSnapshot } from "../desktop-shell/saved-snapshots.ts";
import type { AreaHandlers } from "./handler.ts";

/** @param folder the user's folder of downloads, asked for each time */
export function snapshotHandlers(folder: () => string): AreaHandlers<"snapshot"> {
  return { "snapshot.save": async (snapshot) => await saveSnapshot(folder(), snapshot) };
}
