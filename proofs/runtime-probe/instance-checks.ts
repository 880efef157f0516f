import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { app } from "electron";
import type { Checks } from "./checks.ts";
import { siteDir } from "./path-checks.ts";

const WORD = "--of-the-second";

/** This program once more on the same site, as somebody's second click on its icon starts it. */
async function startAgain(): Promise<string[]> {
  const words = [...process.execArgv, ...process.argv.slice(1), WORD];
  const env = { ...process.env, PROBE_SITE: siteDir };
  const child = spawn(process.execPath, words, { env, stdio: ["ignore", "pipe", "ignore"] });
  const said = await text(child.stdout);
  return said.split("\n").filter((line) => /^(true|false)$/.test(line));
}

/** What the second one does, which is all that it does. */
export function tellFirstInstance(): void {
  console.log(String(app.requestSingleInstanceLock()));
  app.exit(0);
}

export const instanceChecks: Checks = {
  "a second start on a site is told no, and the first hears its words": async () => {
    const isFirst = app.requestSingleInstanceLock();
    const heard = new Promise((resolve) =>
      app.once("second-instance", (_event, argv) => resolve(argv.includes(WORD))),
    );
    const told = await startAgain();
    return [isFirst, await heard, told];
  },
};
