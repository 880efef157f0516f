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
  if (!matchesLock()) {
    console.error("Installing the npm packages of package-lock.json.");
    if ((await run("npm", ["ci", "--no-audit", "--no-fund"])) !== 0)
      throw new Error("npm ci failed; its messages stand above.");
  }
  writeFileSync(stampPath, hash);
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
