/**
 * What the console is told when it is started, by `npm start` or as a package. Plain JavaScript, since the launcher reads
 * it before anything is installed.
 */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Of Chromium and Electron, for administrators and tests; any other is refused, as a mistyped option of ours is. */
const SWITCHES = [
  ...["no-sandbox", "disable-gpu", "disable-dev-shm-usage", "ozone-platform", "ozone-platform-hint"],
  ...["force-device-scale-factor", "enable-features", "disable-features", "password-store", "js-flags"],
  ...["enable-logging", "log-level", "remote-debugging-port", "inspect"],
];

/** The exit code for words that are not understood. */
export const NOT_UNDERSTOOD = 2;

/** @param {string} program how it is called, as `evidence-desk` */
export const helpText = (program) => `Usage: ${program} [options] [connection file]

Opens the console on a site. Where it is open on that site already, its window is raised.

  --site FOLDER  the site; without it the one in the user's own data folder
  --help         says this, and ends
  --version      says which version this is, and ends

A connection file is shown to the next administrator who is logged on, who is asked whether to import it. Nothing is
changed before.

Passed on to Chromium: ${SWITCHES.map((name) => `--${name}`).join(", ")}.`;

/**
 * @param {readonly string[]} words without the program's own name
 * @param {string} folder what relative paths count from
 * @returns {import("./read-command-line.d.mts").Told}
 */
export function readCommandLine(words, folder) {
  const told = { site: null, file: null, switches: [] };
  const rest = [...words];
  while (rest.length > 0) {
    const word = rest.shift();
    if (word === "--help" || word === "-h") return { kind: "help" };
    if (word === "--version") return { kind: "version" };
    const problem = takeWord(word, rest, folder, told);
    if (problem !== null) return { kind: "refused", sentence: problem };
  }
  return { kind: "start", ...told };
}

/** @returns {string | null} why the word is refused */
function takeWord(word, rest, folder, told) {
  if (word === "--") return takeFiles(rest.splice(0), folder, told);
  if (word === "--site" || word.startsWith("--site="))
    return takeSite(word === "--site" ? rest.shift() : word.slice("--site=".length), folder, told);
  // As older systems of Apple's start a program from the desktop.
  if (word.startsWith("-psn_")) return null;
  if (!word.startsWith("-")) return takeFiles([word], folder, told);
  const [name] = word.replace(/^--/, "").split("=");
  if (!word.startsWith("--") || !SWITCHES.includes(name))
    return `The console has no option ${word}. --help says which there are.`;
  told.switches.push(word);
  return null;
}

/** A word that begins like an option was meant as one: the folder was forgotten. */
function takeSite(site, folder, told) {
  if (!site || site.startsWith("-")) return "--site needs a folder after it.";
  if (told.site !== null) return "--site is there twice: a console is open on one site.";
  told.site = resolve(folder, site);
  return null;
}

/** Desktops hand over addresses of files. */
function takeFiles(files, folder, told) {
  for (const file of files) {
    const path = pathOf(file, folder);
    if (path === null) return `${file} is no file of this computer.`;
    if (told.file !== null) return "One connection file can be opened at a time, and there are several.";
    told.file = path;
  }
  return null;
}

function pathOf(file, folder) {
  // A letter and a colon are a disk of Windows.
  if (!/^[a-z][a-z0-9+.-]+:/i.test(file)) return resolve(folder, file);
  try {
    return fileURLToPath(file);
  } catch {
    return null;
  }
}
