import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "./run-program.mjs";

/** Debian package to the programs any of which shows that it (or something as good) is installed. */
const programsOf = {
  chromium: ["chromium", "chromium-browser", "google-chrome"],
  ffmpeg: ["ffmpeg"],
  xvfb: ["Xvfb"],
};

/** @returns {boolean} whether a program of this name is on PATH */
export function hasProgram(name) {
  const endings = process.platform === "win32" ? [".exe", ".cmd"] : [""];
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.some((folder) => endings.some((ending) => existsSync(join(folder, name + ending))));
}

function isMissing(systemPackage) {
  if (systemPackage === "chromium" && process.env.EVIDENCE_DESK_CHROMIUM) return false;
  // Xvfb lends a display to machines without one, and only Linux has such machines.
  if (systemPackage === "xvfb" && process.platform !== "linux") return false;
  return !programsOf[systemPackage].some(hasProgram);
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
  const how = isDebian ? ` (sudo apt-get install ${needed.join(" ")})` : "";
  throw new Error(`Please install ${needed.join(" and ")}${how} and run this command again.`);
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
