import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, Platform } from "electron-builder";
import { hasProgram } from "#dev/launch/system-packages.mjs";
import { rootFolder } from "#dev/launch/run-program.mjs";
import type { ElectronToPackage } from "./electron-to-package.ts";
import { configurationOf } from "./packaged-folder.ts";

const FPM_BY_DPKG = fileURLToPath(new URL("./fpm-by-dpkg-deb.ts", import.meta.url));

const KINDS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ["AppImage", "deb"],
  win32: ["nsis"],
  darwin: ["dmg"],
};

/**
 * Makes what is installed out of the folder. electron-builder fetches a tool for most kinds when it is needed; where it
 * cannot, that kind is not made.
 * @returns what became of each kind, in a sentence
 */
export async function makeInstallers(electron: ElectronToPackage, folder: string): Promise<string[]> {
  const said: string[] = [];
  for (const kind of KINDS[process.platform] ?? []) said.push(await makeInstaller(electron, folder, kind));
  return said;
}

async function makeInstaller(electron: ElectronToPackage, folder: string, kind: string): Promise<string> {
  // For a deb nothing has to be fetched: what fails there is a fault.
  if (kind === "deb" && hasProgram("dpkg-deb")) return `deb: ${await makeDeb(electron, folder)}`;
  try {
    return `${kind}: ${await made(electron, folder, kind)}`;
  } catch (error) {
    const [reason = ""] = String(error instanceof Error ? error.message : error).split("\n");
    return `${kind}: not made, since its tool cannot be had here (${reason}).`;
  }
}

/** fpm puts a deb together; where it cannot be had, Debian's own dpkg-deb does, told the same. */
async function makeDeb(electron: ElectronToPackage, folder: string): Promise<string> {
  const isNamed = process.env["CUSTOM_FPM_PATH"] || process.env["USE_SYSTEM_FPM"] === "true";
  if (isNamed) return await made(electron, folder, "deb");
  const work = await mkdtemp(join(tmpdir(), "fpm-by-dpkg-deb-"));
  const tool = join(work, "fpm");
  await writeFile(tool, `#!/bin/sh\nexec '${process.execPath}' '${FPM_BY_DPKG}' "$@"\n`);
  await chmod(tool, 0o755);
  process.env["CUSTOM_FPM_PATH"] = tool;
  try {
    return await made(electron, folder, "deb");
  } finally {
    delete process.env["CUSTOM_FPM_PATH"];
    await rm(work, { recursive: true, force: true });
  }
}

async function made(electron: ElectronToPackage, folder: string, kind: string): Promise<string> {
  const targets = Platform.current().createTarget(kind);
  const config = configurationOf(electron);
  const paths = await build({
    projectDir: rootFolder,
    prepackaged: folder,
    targets,
    config,
    publish: "never",
  });
  const [path] = paths.filter((one) => !basename(one).endsWith(".blockmap"));
  if (path === undefined) throw new Error(`electron-builder made no ${kind}.`);
  return path;
}
