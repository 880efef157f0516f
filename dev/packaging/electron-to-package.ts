import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ELECTRON } from "#dev/electron-runtime/pinned-package.ts";
import { makeProgramForNode20 } from "#dev/electron-runtime/program-for-node-20.ts";
import { putRuntimeTogether } from "#dev/electron-runtime/put-together.ts";
import { programForNode20, runtimeFolder } from "#dev/electron-runtime/test-runtime.ts";
import { packageScript, rootFolder } from "#dev/launch/run-program.mjs";

/** What becomes a package. */
export interface ElectronToPackage {
  /** Electron's executable and what belongs to it. */
  readonly electronFolder: string;
  readonly version: string;
  /** With the program's package.json, its `out` and its packages. */
  readonly programFolder: string;
  /** Where packages are put. */
  readonly releaseFolder: string;
  readonly isForProof: boolean;
}

const metadataIn = async (folder: string) =>
  JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Record<string, unknown>;

/**
 * Electron as it is installed, or as ELECTRON_OVERRIDE_DIST_PATH names it, with the program as it was built.
 * @throws Error when it is of another major version than the one that the program is built and tested for
 */
export async function installedElectron(): Promise<ElectronToPackage> {
  const electronFolder = process.env["ELECTRON_OVERRIDE_DIST_PATH"] || packageScript("electron", "dist");
  const wanted = String((await metadataIn(packageScript("electron")))["version"]);
  const versionFile = join(electronFolder, "version");
  const version = existsSync(versionFile)
    ? (await readFile(versionFile, "utf8")).trim().replace(/^v/, "")
    : wanted;
  if (version.split(".")[0] !== wanted.split(".")[0])
    throw new Error(`Evidence Desk is built for Electron ${wanted}, and ${electronFolder} holds ${version}.`);
  const releaseFolder = join(rootFolder, "release");
  return { electronFolder, version, programFolder: rootFolder, releaseFolder, isForProof: false };
}

/**
 * The runtime of the tests, with the program in the form that it can run. What is made with it shows that packaging works
 * and is handed to nobody: no maker vouches for that runtime (docs/decisions/0121).
 * @throws NoTestRuntime where it cannot be had
 */
export async function electronOfTests(): Promise<ElectronToPackage> {
  await putRuntimeTogether();
  await makeProgramForNode20();
  const releaseFolder = join(rootFolder, "release", "for-proof");
  const programFolder = join(releaseFolder, "program");
  await stageProgram(programFolder);
  const { version: electronVersion } = ELECTRON;
  const electronFolder = runtimeFolder();
  return { electronFolder, version: electronVersion, programFolder, releaseFolder, isForProof: true };
}

/** The program for Node 20 lies in one folder; a package has it below `out`, with its packages beside that. */
async function stageProgram(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const part of ["main", "preload", "renderer", "web-app", "assets"])
    await cp(join(programForNode20, part), join(folder, "out", part), { recursive: true });
  await cp(join(programForNode20, "node_modules"), join(folder, "node_modules"), { recursive: true });
  const sqlite = join(folder, "node_modules", "better-sqlite3");
  // It is compiled already: what it names is needed for compiling alone.
  const { dependencies: _, ...library } = await metadataIn(sqlite);
  await writeFile(join(sqlite, "package.json"), JSON.stringify(library));
  const { name, version, description, license } = await metadataIn(rootFolder);
  const program = {
    ...{ name, version, description, license, type: "module", main: "out/main/main.js" },
    dependencies: { "better-sqlite3": library["version"] },
  };
  await writeFile(join(folder, "package.json"), JSON.stringify(program));
}
