import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { scriptsNotRun } from "./install-scripts.mjs";
import { lockedPackages } from "./locked-packages.mjs";

const rootFolder = fileURLToPath(new URL("../../", import.meta.url));

/** Whether npm would run something when it installs what lies in this folder; a binding.gyp alone is compiled. */
async function wouldRun(folder: string): Promise<boolean> {
  const described = await readFile(join(folder, "package.json"), "utf8").catch(() => null);
  if (described === null) return false;
  const { scripts = {}, gypfile } = JSON.parse(described) as {
    scripts?: Record<string, string>;
    gypfile?: boolean;
  };
  const hasScript = ["preinstall", "install", "postinstall"].some((name) => name in scripts);
  return hasScript || (gypfile !== false && existsSync(join(folder, "binding.gyp")));
}

test("npm runs no package's script, and each that has one stands in the list with the reason", async () => {
  expect(await readFile(join(rootFolder, ".npmrc"), "utf8")).toMatch(/^ignore-scripts=true$/m);
  const paths = Object.entries(lockedPackages()).filter(([path]) => path.includes("node_modules/"));
  const found = await Promise.all(
    paths.map(async ([path, { hasInstallScript }]) =>
      hasInstallScript || (await wouldRun(join(rootFolder, path))) ? [path] : [],
    ),
  );
  const names = found.flat().map((path) => path.slice(path.lastIndexOf("node_modules/") + 13));
  expect(names.filter((name) => !(name in scriptsNotRun))).toEqual([]);
});

test("the database's binary of this system is in its package", async () => {
  const { default: Database } = await import("better-sqlite3");
  const database = new Database(":memory:");
  expect(database.prepare("select sqlite_version() as version").get()).toEqual({
    version: expect.any(String),
  });
  database.close();
  const prebuilt = join(rootFolder, "node_modules/better-sqlite3/prebuilds");
  for (const system of ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64", "win32-x64", "win32-arm64"])
    expect(existsSync(join(prebuilt, `${system}.node`)), system).toBe(true);
});
