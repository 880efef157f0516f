import { join } from "node:path";
import { pathFor } from "./app-paths.ts";
import { launchChromium, type RunningChromium } from "./chromium.ts";
import { chromiumSwitches } from "./command-line.ts";

let running: Promise<RunningChromium> | undefined;

/** @returns the one Chromium of this process, started with the first window and again after its user closed it */
export function sharedChromium(): Promise<RunningChromium> {
  running ??= launchChromium(join(pathFor("sessionData"), "chromium-shell"), chromiumSwitches()).then(
    (started) => {
      started.context.on("close", () => {
        running = undefined;
      });
      return started;
    },
    endWithoutBrowser,
  );
  return running;
}

/** Without a browser there will never be a window: a program that nobody sees must not go on. */
function endWithoutBrowser(error: unknown): never {
  const said = [...String(error).matchAll(/\[err\] (.*)/g)].map(([, line]) => line);
  console.error(
    `Chromium could not be started${said.length > 0 ? ` (it said: ${said.at(-1)})` : ""}: ` +
      "check whether it starts by itself, or name another one in EVIDENCE_DESK_CHROMIUM.",
  );
  process.exitCode = 1;
  process.kill(process.pid, "SIGTERM");
  throw error;
}

/** Ends Chromium if it runs; resolves when it is gone. */
export async function closeSharedChromium(): Promise<void> {
  const closing = running;
  running = undefined;
  const started = await closing?.catch(() => undefined);
  await started?.context.close();
}
