import { createRequire } from "node:module";

/** Libraries at exactly the version with which electron-builder packages. */
const fromBuilder = createRequire(createRequire(import.meta.url).resolve("electron-builder/package.json"));
const fromLibrary = createRequire(fromBuilder.resolve("app-builder-lib/package.json"));

interface Fuses {
  /** States by the fuse's number, each the character `0` or `1`. */
  getCurrentFuseWire: (this: void, executable: string) => Promise<Record<string, number | string>>;
  FuseV1Options: Record<string, string | number>;
}

interface Asar {
  /** Paths that begin with a slash. */
  listPackage: (this: void, archive: string) => string[];
}

export const { getCurrentFuseWire, FuseV1Options } = fromLibrary("@electron/fuses") as Fuses;
export const { listPackage } = fromLibrary("@electron/asar") as Asar;
export const { load: parseYaml } = fromLibrary("js-yaml") as { load: (text: string) => unknown };
