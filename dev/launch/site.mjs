import { existsSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { runNode } from "./run-program.mjs";

/** Only a folder with this file was made by us and may be removed by us. */
const marker = "evidence-desk-site.json";

/** @returns {string} the site's folder when none is named, in the user's own data folder */
export function defaultSiteFolder() {
  const home = homedir();
  if (process.platform === "win32")
    return join(process.env.APPDATA ?? join(home, "AppData", "Roaming"), "evidence-desk", "site");
  if (process.platform === "darwin")
    return join(home, "Library", "Application Support", "evidence-desk", "site");
  return join(process.env.XDG_DATA_HOME || join(home, ".local", "share"), "evidence-desk", "site");
}

/**
 * Takes `--site DIR` (or `--site=DIR`) out of a command's words.
 *
 * @param {string[]} words
 * @returns {{siteDir: string, rest: string[]}} an absolute folder and the other words
 */
export function takeSite(words) {
  const at = words.findIndex((word) => word === "--site" || word.startsWith("--site="));
  if (at < 0) return { siteDir: defaultSiteFolder(), rest: words };
  const inOne = words[at].startsWith("--site=");
  const named = inOne ? words[at].slice("--site=".length) : words[at + 1];
  if (!named) throw new Error("--site needs a folder after it.");
  const siteDir = resolve(process.env.INIT_CWD ?? ".", named);
  return { siteDir, rest: words.toSpliced(at, inOne ? 1 : 2) };
}

/** Makes the demo site in a folder that is none yet. */
export async function ensureSite(siteDir) {
  if (!existsSync(join(siteDir, marker))) await makeSite(siteDir);
}

async function makeSite(siteDir) {
  console.error(`Making the demo site in ${siteDir}.`);
  const code = await runNode(["dev/demo-site/make-demo-site.ts", "--site", siteDir]);
  if (code !== 0) throw new Error("The demo site could not be made; the reason stands above.");
}

/** Removes the site and makes it anew. */
export async function resetSite(siteDir) {
  if (existsSync(siteDir) && !existsSync(join(siteDir, marker))) {
    throw new Error(`${siteDir} is not a site of Evidence Desk (it has no ${marker}), so it is left alone.`);
  }
  rmSync(siteDir, { recursive: true, force: true });
  await makeSite(siteDir);
}
