import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageScript, runNode } from "./run-program.mjs";

const executableBelowDist = {
  win32: "electron.exe",
  darwin: "Electron.app/Contents/MacOS/Electron",
}[process.platform];

/** A machine without access to the maker's download site is asked again after this long. */
const askAgainMs = 24 * 60 * 60 * 1000;
const fetchLimitMs = 20_000;

const installedDist = packageScript("electron", "dist");

/** @returns {string | undefined} Electron's executable, if its runtime is on this machine */
export const findElectron = () => executableIn(process.env.ELECTRON_OVERRIDE_DIST_PATH || installedDist);

/**
 * What tests run in: Electron as it is installed and ships, before one that ELECTRON_OVERRIDE_DIST_PATH names.
 *
 * @param {string} [installed] its folder
 * @returns {string | undefined} its executable; undefined where neither is there
 */
export function findElectronForTests(installed = installedDist) {
  const named = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  return executableIn(installed) ?? (named ? executableIn(named) : undefined);
}

function executableIn(dist) {
  const executable = join(dist, executableBelowDist ?? "electron");
  return existsSync(executable) ? executable : undefined;
}

/**
 * Like findElectron, but tries once a day to fetch the runtime with Electron's own installer. Whoever names a folder of
 * their own is looked for there only: what is fetched comes to lie elsewhere.
 */
export async function findOrFetchElectron() {
  const found = findElectron();
  if (found || process.env.ELECTRON_OVERRIDE_DIST_PATH) return found;
  const failurePath = packageScript(".cache", "evidence-desk", "electron-fetch-failed");
  if (existsSync(failurePath) && Date.now() - statSync(failurePath).mtimeMs < askAgainMs) return undefined;
  console.error(`Fetching Electron ${electronVersion()} (at most ${fetchLimitMs / 1000} s).`);
  const code = await runNode([packageScript("electron", "install.js")], {
    timeoutMs: fetchLimitMs,
    quiet: true,
  });
  const fetched = code === 0 ? findElectron() : undefined;
  if (fetched) {
    rmSync(failurePath, { force: true });
    return fetched;
  }
  mkdirSync(dirname(failurePath), { recursive: true });
  writeFileSync(failurePath, "");
  return undefined;
}

const electronVersion = () =>
  JSON.parse(readFileSync(packageScript("electron", "package.json"), "utf8")).version;
