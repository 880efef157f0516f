import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ELECTRON } from "./pinned-package.ts";

const rootFolder = fileURLToPath(new URL("../../", import.meta.url));

/** What Playwright is told to run. */
export interface TestRuntime {
  readonly label: string;
  readonly executablePath: string;
  /** The folder with the program's package.json. */
  readonly programFolder: string;
}

/** Counts the ways of putting it together: what an older one left is put together anew. */
const FORM = 2;

/** In the runtime's folder: the database's library in the form that Node 20 can load. */
export const SQLITE_LIBRARY = "better-sqlite3-for-node-20.node";

/** In the user's cache, so that every clone and every run finds what was fetched once. */
export function runtimeFolder(): string {
  const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  return join(cache, "evidence-desk", `electron-${ELECTRON.version}-for-tests-${FORM}`);
}

/** The built program in the form that Node 20 can run; made anew from each build. */
export const programForNode20 = join(rootFolder, "out", "for-node-20");

/** Null where it was not put together, as by `prepare.ts`. */
export function findTestRuntime(): TestRuntime | null {
  const executablePath = join(runtimeFolder(), "electron");
  if (!existsSync(executablePath) || !existsSync(join(programForNode20, "package.json"))) return null;
  const label = `Electron ${ELECTRON.version} of the tests`;
  return { label, executablePath, programFolder: programForNode20 };
}
