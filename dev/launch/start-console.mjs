import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureBuilt } from "./build.mjs";
import { findOrFetchElectron } from "./electron-runtime.mjs";
import { rootFolder, run, runNode } from "./run-program.mjs";
import {
  helpText,
  NOT_UNDERSTOOD,
  readCommandLine,
} from "../../electron/desktop-shell/read-command-line.mjs";
import { defaultSiteFolder, ensureSite } from "./site.mjs";
import { ensureSystemPackages } from "./system-packages.mjs";

/**
 * What can be answered without a console, before anything is looked for or installed.
 *
 * @param {string[]} words
 * @returns {Promise<number | null>} an exit code; null where the console is to be started
 */
export async function answerAtOnce(words) {
  const told = readToStart(words);
  if (told.kind === "start") return null;
  if (told.kind === "refused") console.error(told.sentence);
  else console.log(told.kind === "help" ? helpText("npm start --") : await nameAndVersion());
  return told.kind === "refused" ? NOT_UNDERSTOOD : 0;
}

/** npm goes to the package's folder; paths count from where its user is. */
const readToStart = (words) => readCommandLine(words, process.env.INIT_CWD ?? process.cwd());

async function nameAndVersion() {
  const { version } = JSON.parse(await readFile(join(rootFolder, "package.json"), "utf8"));
  return `Evidence Desk ${version}`;
}

/**
 * Starts the console on a site: in Electron if its runtime is here or can be fetched, else in Chromium.
 *
 * @param {string[]} words as `answerAtOnce` has let them through
 * @returns {Promise<number>} the console's exit code
 */
export async function startConsole(words) {
  const { site, file, switches } = readToStart(words);
  const siteDir = site ?? defaultSiteFolder();
  const electron = await findOrFetchElectron();
  if (!electron) await ensureSystemPackages(["chromium"]);
  await ensureBuilt();
  await ensureSite(siteDir);
  const args = [...switches, `--site=${siteDir}`, ...(file === null ? [] : [file])];
  return electron ? startInElectron(electron, args) : startInChromium(args);
}

function startInElectron(electron, args) {
  // Chromium refuses its sandbox to root on Linux; everybody else keeps it.
  const sandbox = process.platform === "linux" && process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return run(electron, [...sandbox, rootFolder, ...args]);
}

function startInChromium(args) {
  console.error(
    "Electron's runtime is not on this machine and could not be fetched: " +
      "the console runs in Chromium, without system tray and native notifications.",
  );
  if (process.platform === "linux" && !process.env.DISPLAY) {
    console.error(
      "There is no display: it runs without a window; attach a browser to the address in the line that follows.",
    );
  }
  const register = join(rootFolder, "dev", "chromium-shell", "register.ts");
  // One arena of the C library's memory for all threads, as Electron's own allocator has.
  const env = { MALLOC_ARENA_MAX: "1" };
  return runNode(["--import", register, join(rootFolder, "out", "main", "main.js"), ...args], { env });
}
