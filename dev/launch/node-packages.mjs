import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rootDir, run } from "./run-program.mjs";

const modules = join(rootDir, "node_modules");
const stampPath = join(modules, ".evidence-desk-lock.sha256");

const lockHash = () =>
  createHash("sha256")
    .update(readFileSync(join(rootDir, "package-lock.json")))
    .digest("hex");

/** Installs the locked npm packages unless exactly these are installed already. */
export async function ensureNodePackages() {
  const hash = lockHash();
  if (existsSync(stampPath) && readFileSync(stampPath, "utf8") === hash) return;
  if (!matchesLock()) await install();
  writeFileSync(stampPath, hash);
}

/**
 * `npm ci` refuses a lock file that lacks another system's optional binaries, which is what npm writes where the
 * registry does not offer them. `npm install --no-save` takes the same locked versions; that it did is checked.
 */
async function install() {
  const options = ["--no-audit", "--no-fund"];
  console.error("Installing the npm packages of package-lock.json.");
  if ((await run("npm", ["ci", ...options])) === 0) return;
  console.error("npm ci refused; trying npm install with the same versions.");
  const installed = (await run("npm", ["install", "--no-save", ...options])) === 0;
  if (!installed || !matchesLock())
    throw new Error("The npm packages could not be installed; npm's messages stand above.");
}

/** Somebody may have run `npm ci` by hand: npm leaves what it installed in node_modules/.package-lock.json. */
function matchesLock() {
  const installedPath = join(modules, ".package-lock.json");
  if (!existsSync(installedPath)) return false;
  const installed = JSON.parse(readFileSync(installedPath, "utf8")).packages;
  const locked = JSON.parse(readFileSync(join(rootDir, "package-lock.json"), "utf8")).packages;
  return Object.entries(locked).every(([path, { version, optional, peer }]) => {
    if (path === "") return true;
    const found = installed[path];
    return found ? found.version === version : Boolean(optional || peer);
  });
}
