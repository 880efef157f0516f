import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

/** The repository's root, an absolute path. */
export const rootFolder = fileURLToPath(new URL("../../", import.meta.url));

const isWindows = process.platform === "win32";

/** The first Node 24 that has all that the programs use: system authorities, proxies of agents. */
const ownNodeFrom = [24, 5];

/**
 * Node 24 as a locked package brings it (dev/node-runtime), or the Node that runs us where there is none for the
 * system.
 *
 * @returns {string} its executable
 */
export function node24() {
  const [platform, program] = isWindows ? ["win", "node.exe"] : [process.platform, "node"];
  const packaged = join(rootFolder, "node_modules", `node-${platform}-${process.arch}`, "bin", program);
  if (existsSync(packaged)) return packaged;
  if (isAtLeast(process.versions.node, ownNodeFrom)) return process.execPath;
  throw new Error(
    `On this system Evidence Desk runs in your own Node.js, and this is ${process.versions.node}: ` +
      "please install Node.js 24 (nodejs.org; on macOS also: brew install node@24) and run this command again.",
  );
}

/** @returns {boolean} whether a version such as `24.21.0` is this one, such as [24, 5], or newer */
export function isAtLeast(version, [major, minor]) {
  const [itsMajor, itsMinor] = version.split(".").map(Number);
  return itsMajor > major || (itsMajor === major && itsMinor >= minor);
}

/** The script behind a package's command, to be run with Node 24. */
export const packageScript = (...path) => join(rootFolder, "node_modules", ...path);

/**
 * Runs a program in the repository's root with the terminal's streams.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{env?: Record<string, string>, timeoutMs?: number, quiet?: boolean}} [options] `env` is added to ours
 * @returns {Promise<number>} its exit code; 1 when it could not be started or was ended by a signal
 */
export function run(program, args, { env = {}, timeoutMs, quiet = false } = {}) {
  const child = spawn(program, args, {
    cwd: rootFolder,
    stdio: quiet ? ["ignore", "ignore", "ignore"] : "inherit",
    env: { ...process.env, PATH: pathWithOurTools(), ...env },
    timeout: timeoutMs,
    killSignal: "SIGKILL",
    shell: isWindows && program === "npm",
  });
  const forward = (signal) => child.kill(signal);
  // Ctrl+C reaches the whole group by itself; we only wait for the child to end in its own way.
  const waitOnly = () => {};
  process.on("SIGTERM", forward).on("SIGINT", waitOnly);
  return new Promise((resolve) => {
    child.on("error", (error) => {
      if (!quiet) console.error(`${program} could not be started: ${error.message}`);
      resolve(1);
    });
    child.on("exit", (code) => resolve(code ?? 1));
  }).finally(() => process.off("SIGTERM", forward).off("SIGINT", waitOnly));
}

function pathWithOurTools() {
  const ours = join(rootFolder, "node_modules", ".bin");
  return `${ours}${isWindows ? ";" : ":"}${process.env.PATH ?? ""}`;
}

/** Runs a script of the repository or of a package with Node 24. */
export const runNode = (args, options) => run(node24(), args, options);
