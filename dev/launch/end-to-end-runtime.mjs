import { findElectronForTests } from "./electron-runtime.mjs";
import { node24, run, runNode } from "./run-program.mjs";
import { hasProgram } from "./system-packages.mjs";

const RUNTIME = "EVIDENCE_DESK_TEST_RUNTIME";

/**
 * What tells the tests which runtime the console runs in (dev/electron-runtime/runtime-for-tests.ts).
 *
 * @param {"electron" | "chromium-shell"} name
 */
export const inRuntime = (name) => ({ [RUNTIME]: name });

const OF_TESTS = "the Electron of the tests";

/**
 * Sees to it that tests can run in Electron: as installed, as ELECTRON_OVERRIDE_DIST_PATH names it, or the one that is
 * put together for tests (docs/decisions/0121).
 *
 * @returns {Promise<string | null>} where, in words; null where they cannot, and why has been said
 */
export async function prepareElectron() {
  if (!hasDisplay()) return null;
  const found = findElectronForTests();
  if (found !== undefined) return found;
  return (await runNode(["dev/electron-runtime/prepare.ts"])) === 0 ? OF_TESTS : null;
}

/** Electron needs a display even for tests; Chromium does without. */
function hasDisplay() {
  if (process.platform !== "linux" || process.env.DISPLAY || hasProgram("xvfb-run")) return true;
  console.log("There is neither a display nor xvfb-run (package xvfb), which lends one.");
  return false;
}

/** Two that look for a free number at the same moment would find the same one. */
const DISPLAYS_APART = 100;

/**
 * Runs a script with Node 24, in a display that is lent where Electron is to run and there is none.
 *
 * @param {string[]} args
 * @param {Record<string, string>} env
 * @param {number} [place] of several that are lent at the same time
 */
export function runInDisplay(args, env, place = 1) {
  if (!isLentDisplay(env)) return runNode(args, { env });
  const number = String(DISPLAYS_APART * place);
  return run("xvfb-run", ["-a", "-n", number, node24(), ...args], { env });
}

/**
 * Whether a run has a display of its own, in which no other run's window takes the focus.
 *
 * @param {Record<string, string>} env
 */
export function isLentDisplay(env) {
  return env[RUNTIME] === "electron" && process.platform === "linux" && !process.env.DISPLAY;
}
