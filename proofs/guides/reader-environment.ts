import { mkdir } from "node:fs/promises";
import { join } from "node:path";

/**
 * The environment of somebody who types the documents' commands in this checkout: with a home of their own, and a
 * console that runs in the Chromium shell, where a program can attach to it. Nothing is fetched for it.
 */
export async function readerEnvironment(home: string): Promise<NodeJS.ProcessEnv> {
  const noRuntime = join(home, "no-electron");
  await mkdir(noRuntime, { recursive: true });
  return {
    ...process.env,
    HOME: home,
    XDG_DATA_HOME: join(home, "data"),
    ELECTRON_OVERRIDE_DIST_PATH: noRuntime,
    EVIDENCE_DESK_HEADLESS: "1",
    EVIDENCE_DESK_DEBUGGING_PORT: "0",
    npm_config_update_notifier: "false",
  };
}
