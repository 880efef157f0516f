import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "./run-program.mjs";

/** Debian package to the programs any of which shows that it (or something as good) is installed. */
const programsOf = {
  chromium: ["chromium", "chromium-browser", "google-chrome"],
  ffmpeg: ["ffmpeg"],
  xvfb: ["Xvfb"],
};

/** Where macOS and Windows keep browsers, none of which they put into the PATH. */
function placesOf(systemPackage) {
  if (systemPackage !== "chromium") return [];
  if (process.platform === "darwin")
    return ["Google Chrome", "Chromium"].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  if (process.platform !== "win32") return [];
  const roots = [process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"], process.env.LOCALAPPDATA];
  return roots.filter(Boolean).map((root) => join(root, "Google", "Chrome", "Application", "chrome.exe"));
}

/** @returns {boolean} whether a program of this name is on PATH */
export function hasProgram(name) {
  const endings = process.platform === "win32" ? [".exe", ".cmd"] : [""];
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.some((folder) => endings.some((ending) => existsSync(join(folder, name + ending))));
}

function isMissing(systemPackage) {
  // Whoever names a program of their own has it.
  if (process.env[`EVIDENCE_DESK_${systemPackage.toUpperCase()}`]) return false;
  // Xvfb lends a display to machines without one, and only Linux has such machines.
  if (systemPackage === "xvfb" && process.platform !== "linux") return false;
  return (
    !programsOf[systemPackage].some(hasProgram) && !placesOf(systemPackage).some((path) => existsSync(path))
  );
}

/**
 * Installs what is missing on Debian as root; elsewhere names it.
 *
 * @param {string[]} wanted names of Debian packages, keys of the table above
 */
export async function ensureSystemPackages(wanted) {
  const missing = wanted.filter(isMissing);
  if (missing.length === 0) return;
  const isDebian = existsSync("/etc/debian_version") && hasProgram("apt-get");
  if (isDebian && process.getuid?.() === 0) return installWithApt(missing);
  // The tests run without a borrowed display too, in a browser without a window.
  const needed = missing.filter((name) => name !== "xvfb");
  if (needed.length === 0) return;
  throw new Error(howToInstall(needed, describeSystem()));
}

/**
 * One line for each family of systems, of what its users type. H.264 is made by the demo's ffmpeg, which Fedora's own
 * package leaves out.
 */
const commandsOf = {
  debian: { command: "sudo apt-get install", names: { ffmpeg: "ffmpeg", chromium: "chromium" } },
  ubuntu: { command: "sudo apt-get install", names: { ffmpeg: "ffmpeg", chromium: "chromium-browser" } },
  fedora: {
    command: "sudo dnf install",
    names: { ffmpeg: "ffmpeg", chromium: "chromium" },
    note: "ffmpeg comes from RPM Fusion: rpmfusion.org/Configuration",
  },
  macos: {
    command: "brew install",
    names: { ffmpeg: "ffmpeg", chromium: "--cask google-chrome" },
    oneByOne: true,
  },
  windows: { command: "winget install", names: { ffmpeg: "Gyan.FFmpeg", chromium: "Google.Chrome" } },
};

/** @typedef {keyof typeof commandsOf | "other"} SystemFamily */

/** @returns {SystemFamily} by platform, on Linux by what /etc/os-release says that it is or is like */
export function describeSystem(platform = process.platform, osRelease = readOsRelease()) {
  if (platform === "darwin") return "macos";
  if (platform === "win32") return "windows";
  const like = [...osRelease.matchAll(/^(?:ID|ID_LIKE)="?([^"\n]*)"?$/gm)].flatMap(([, words]) =>
    words.split(" "),
  );
  return ["ubuntu", "debian", "fedora"].find((family) => like.includes(family)) ?? "other";
}

const readOsRelease = () => (existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "");

/**
 * @param {string[]} needed `ffmpeg`, `chromium`
 * @param {SystemFamily} family
 * @returns {string} one sentence that names what is missing and what to type
 */
export function howToInstall(needed, family) {
  const known = commandsOf[family];
  const named = needed.join(" and ");
  const paths = needed.map((name) => `EVIDENCE_DESK_${name.toUpperCase()}`).join(" and ");
  if (!known) return `Please install ${named}, or name yours in ${paths}, and run this command again.`;
  const names = needed.map((name) => known.names[name]);
  const line = known.oneByOne
    ? names.map((name) => `${known.command} ${name}`).join(" && ")
    : `${known.command} ${names.join(" ")}`;
  const note = known.note && needed.includes("ffmpeg") ? `; ${known.note}` : "";
  return `Please install ${named} (${line}${note}), or name yours in ${paths}, and run this command again.`;
}

async function installWithApt(missing) {
  console.error(`Installing ${missing.join(", ")} with apt-get.`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const steps = [["update"], ["install", "-y", "--no-install-recommends", ...missing]];
  for (const args of steps) {
    if ((await run("apt-get", ["-q", ...args], { env })) !== 0) {
      throw new Error(`apt-get ${args[0]} failed; please install ${missing.join(" and ")} by hand.`);
    }
  }
}
