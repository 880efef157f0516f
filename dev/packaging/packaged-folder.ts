import { rm } from "node:fs/promises";
import { join } from "node:path";
import { build, type Configuration, Platform } from "electron-builder";
import { SQLITE_LIBRARY } from "#dev/electron-runtime/test-runtime.ts";
import { rootFolder } from "#dev/launch/run-program.mjs";
import type { ElectronToPackage } from "./electron-to-package.ts";

/** Of Electron as it is installed: what runs a program that nobody has packaged, and notes of the installation. */
const NOT_TO_SHIP = [
  "version",
  SQLITE_LIBRARY,
  join("resources", "app"),
  join("resources", "default_app.asar"),
  join("Electron.app", "Contents", "Resources", "default_app.asar"),
];

/** What electron-builder.yml cannot say, since it depends on the Electron that is there. */
export function configurationOf(electron: ElectronToPackage): Configuration {
  return {
    directories: { app: electron.programFolder, output: electron.releaseFolder },
    electronDist: electron.electronFolder,
    electronVersion: electron.version,
    // Nobody downloads what is made for the proof.
    ...(electron.isForProof ? { deb: { compression: "gz" as const } } : {}),
    afterExtract: async ({ appOutDir }) => {
      for (const part of NOT_TO_SHIP) await rm(join(appOutDir, part), { recursive: true, force: true });
    },
  };
}

/**
 * Makes a folder from which the program runs, for the system that this runs on.
 * @returns its path
 */
export async function makeFolder(electron: ElectronToPackage): Promise<string> {
  const targets = Platform.current().createTarget("dir");
  await build({ projectDir: rootFolder, targets, config: configurationOf(electron), publish: "never" });
  return join(electron.releaseFolder, folderNames()[process.platform] ?? "linux-unpacked");
}

/** As electron-builder names its folders; that of x64 goes without its architecture. */
function folderNames(): Partial<Record<NodeJS.Platform, string>> {
  const suffix = process.arch === "x64" ? "" : `-${process.arch}`;
  return { win32: `win${suffix}-unpacked`, darwin: `mac${suffix}`, linux: `linux${suffix}-unpacked` };
}
