import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lockedPackages, notInstalled } from "./locked-packages.mjs";
import { rootFolder, run } from "./run-program.mjs";

const modules = join(rootFolder, "node_modules");
const stampPath = join(modules, ".evidence-desk-lock.sha256");

const lockHash = () =>
  createHash("sha256")
    .update(readFileSync(join(rootFolder, "package-lock.json")))
    .digest("hex");

/** Installs the locked npm packages unless exactly these are installed already. */
export async function ensureNodePackages() {
  const hash = lockHash();
  if (existsSync(stampPath) && readFileSync(stampPath, "utf8") === hash) return;
  // Somebody may have run `npm ci` by hand.
  if (missing().length > 0) await install();
  writeFileSync(stampPath, hash);
}

/** No package's own script runs: see install-scripts.mjs. */
async function install() {
  console.error("Installing the npm packages of package-lock.json; this takes a few minutes the first time.");
  const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const code = await run("npm", ["ci", ...options]);
  if (code !== 0) {
    throw new Error(
      "The npm packages could not be installed; npm's messages stand above. " +
        "Check whether the npm registry can be reached, and run this command again.",
    );
  }
  // npm ends well when an optional package could not be fetched, and some of these are this system's programs.
  const left = missing();
  if (left.length === 0) return;
  throw new Error(
    `npm has left out ${left.slice(0, 5).join(", ")}${left.length > 5 ? " and others" : ""}: ` +
      "the registry did not hand them out. Run this command again, or ask whoever keeps your registry.",
  );
}

/** What npm itself noted at its last installation is compared with the lock file. */
function missing() {
  const noted = join(modules, ".package-lock.json");
  if (!existsSync(noted)) return ["all packages"];
  return notInstalled(lockedPackages(), JSON.parse(readFileSync(noted, "utf8")).packages);
}
