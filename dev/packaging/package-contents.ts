import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { rootFolder } from "#dev/launch/run-program.mjs";
import { NOTICES_FILE } from "#electron/desktop-shell/notices-path.ts";
import { FuseV1Options, getCurrentFuseWire, listPackage, parseYaml } from "./builder-libraries.ts";

/** What is in a packaged folder (Linux). */
export interface PackageContents {
  /** Of all files together. */
  readonly lengthBytes: number;
  /** Native libraries of packages, by their path in the archive. */
  readonly libraries: readonly string[];
  /** Packages beside the program, by name. */
  readonly packages: readonly string[];
  /** Of the archive, what is for development alone. */
  readonly strangers: readonly string[];
  readonly notices: string;
  /** What lies beside the program. */
  readonly beside: readonly string[];
}

/** @param folder as `makeFolder` made it */
export async function contentsOf(folder: string): Promise<PackageContents> {
  const resources = join(folder, "resources");
  const archived = listPackage(join(resources, "app.asar")).map((path) => path.replaceAll("\\", "/"));
  const names = archived.flatMap(
    (path) => /^.*\/node_modules\/((?:@[^/]+\/)?[^/@][^/]*)\/package\.json$/.exec(path)?.[1] ?? [],
  );
  const [beside, inResources] = await Promise.all([readdir(folder), readdir(resources)]);
  return {
    lengthBytes: await lengthOf(folder),
    libraries: archived.filter((path) => path.endsWith(".node")),
    packages: [...new Set(names)],
    strangers: archived.filter((path) => isStranger(path)),
    notices: await readFile(join(resources, NOTICES_FILE), "utf8"),
    beside: [...beside, ...inResources.map((name) => `resources/${name}`)],
  };
}

/** Of the top of the archive nothing but these; of what was built neither maps nor notes of the build. */
function isStranger(path: string): boolean {
  if (/^\/(node_modules|package\.json$)/.test(path)) return false;
  return !/^\/out(\/|$)/.test(path) || /\.map$|\/\.vite|\.tsx?$|\.test\./.test(path);
}

async function lengthOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

const configurationSchema = z.object({ electronFuses: z.record(z.string(), z.boolean()) });
const ON = "1";

/**
 * Reads the fuses of an executable back.
 * @returns names of those that are not as electron-builder.yml wants them, or that it does not name
 */
export async function wrongFuses(executable: string): Promise<string[]> {
  const text = await readFile(join(rootFolder, "electron-builder.yml"), "utf8");
  const wanted = new Map(
    Object.entries(configurationSchema.parse(parseYaml(text)).electronFuses).map(([name, is]) => [
      key(name),
      is,
    ]),
  );
  const wire = await getCurrentFuseWire(executable);
  const numbers = Object.keys(wire).filter((word) => /^\d+$/.test(word));
  return numbers.flatMap((number) => {
    const name = String(FuseV1Options[number]);
    const isOn = String.fromCharCode(Number(wire[number])) === ON;
    return wanted.get(key(name)) === isOn ? [] : [name];
  });
}

/** electron-builder writes `enableCookieEncryption` where the fuse is `EnableCookieEncryption`. */
const key = (name: string): string => name.toLowerCase();
