/**
 * A main process that asks the runtime it runs in for all that the console relies on, and prints each answer as a line
 * `answer JSON`. The same program runs in Electron and in the Chromium shell (both-runtimes.test.ts). PROBE_FAILS makes
 * it fail in a way that nobody foresaw instead; with PROBE_SITE it is the second one on a site; PROBE_STARTS_AGAIN has it
 * start itself again.
 */
import { app } from "electron";
import { endAfterUnforeseenError } from "#electron/desktop-shell/unforeseen-error.ts";
import { desktopChecks } from "./desktop-checks.ts";
import { instanceChecks, tellFirstInstance } from "./instance-checks.ts";
import { pageChecks, quitInOrder } from "./page-checks.ts";
import { pathChecks } from "./path-checks.ts";
import { startOnceMore } from "./relaunch-checks.ts";
import { serviceChecks } from "./service-checks.ts";
import { trustChecks } from "./trust-checks.ts";
import { utilityChecks } from "./utility-checks.ts";

async function answerAll(): Promise<void> {
  await app.whenReady();
  const checks = {
    ...{ ...pathChecks, ...instanceChecks, ...utilityChecks, ...serviceChecks, ...trustChecks },
    ...{ ...desktopChecks, ...pageChecks },
  };
  for (const [name, check] of Object.entries(checks)) {
    const answer = await Promise.resolve()
      .then(check)
      .catch((error: unknown) => ({ thrown: String(error) }));
    console.log(`answer ${JSON.stringify([name, answer])}`);
  }
  quitInOrder();
}

async function failUnforeseen(how: string): Promise<void> {
  endAfterUnforeseenError({
    log: (sentence, error) => console.log(`answer ${JSON.stringify([sentence, String(error)])}`),
    stop: async () => console.log(`answer ${JSON.stringify(["what is under way is stopped", true])}`),
    end: () => app.exit(3),
  });
  await app.whenReady();
  const error = new Error("nobody foresaw this");
  if (how === "rejection") void Promise.reject(error);
  else
    setTimeout(() => {
      throw error;
    }, 0);
}

const fails = process.env["PROBE_FAILS"];
const startsAgain = process.env["PROBE_STARTS_AGAIN"];
if (startsAgain !== undefined) startOnceMore(startsAgain);
else if (process.env["PROBE_SITE"] !== undefined) tellFirstInstance();
else void (fails === undefined ? answerAll() : failUnforeseen(fails));
