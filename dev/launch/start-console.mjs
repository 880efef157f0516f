import { join } from "node:path";
import { ensureBuilt } from "./build.mjs";
import { findOrFetchElectron } from "./electron-runtime.mjs";
import { rootDir, run, runNode } from "./run-program.mjs";
import { ensureSite, takeSite } from "./site.mjs";
import { ensureSystemPackages } from "./system-packages.mjs";

/**
 * Starts the console on a site: in Electron if its runtime is here or can be fetched, else in Chromium.
 *
 * @param {string[]} words `--site DIR` and whatever main understands
 * @returns {Promise<number>} the console's exit code
 */
export async function startConsole(words) {
  const { siteDir, rest } = takeSite(words);
  const electron = await findOrFetchElectron();
  if (!electron) await ensureSystemPackages(["chromium"]);
  await ensureBuilt();
  await ensureSite(siteDir);
  const args = [`--site=${siteDir}`, ...rest];
  return electron ? startInElectron(electron, args) : startInChromium(args);
}

function startInElectron(electron, args) {
  // Chromium refuses its sandbox to root on Linux; everybody else keeps it.
  const sandbox = process.platform === "linux" && process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return run(electron, [...sandbox, rootDir, ...args]);
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
  const register = join(rootDir, "dev", "chromium-shell", "register.ts");
  // One arena of the C library's memory for all threads, as Electron's own allocator has.
  const env = { MALLOC_ARENA_MAX: "1" };
  return runNode(["--import", register, join(rootDir, "out", "main", "main.js"), ...args], { env });
}
