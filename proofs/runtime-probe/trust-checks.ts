import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { utilityProcess } from "electron";
import type { Checks } from "./checks.ts";
import { reachedAsChosen } from "./trusting.ts";

const modulePath = join(import.meta.dirname, `probed-trust${import.meta.filename.slice(-3)}`);

/** Of a server whose authority nobody knows. */
const { PROBE_TLS: address, PROBE_AUTHORITY: authority = "" } = process.env;

async function inUtilityProcess(): Promise<unknown> {
  const child = utilityProcess.fork(modulePath, [], { stdio: "pipe", serviceName: "trusting" });
  const [answer] = (await once(child, "message")) as [unknown];
  const gone = once(child, "exit");
  child.kill();
  await gone;
  return answer;
}

async function inThread(): Promise<unknown> {
  const thread = new Worker(modulePath);
  const [answer] = (await once(thread, "message")) as [unknown];
  await thread.terminate();
  return answer;
}

export const trustChecks: Checks =
  address === undefined
    ? {}
    : {
        // One after the other: none has what another chose.
        "whom to trust is chosen for main, a utility process and a thread, each for itself": async () => [
          await reachedAsChosen(address, authority),
          await inUtilityProcess(),
          await inThread(),
        ],
      };
