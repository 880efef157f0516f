import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { findElectronForTests } from "./electron-runtime.mjs";

const BELOW: Partial<Record<NodeJS.Platform, string>> = {
  win32: "electron.exe",
  darwin: "Electron.app/Contents/MacOS/Electron",
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "electron-runtime-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function electronIn(name: string): Promise<string> {
  const executable = join(folder, name, BELOW[process.platform] ?? "electron");
  await mkdir(dirname(executable), { recursive: true });
  await writeFile(executable, "");
  return executable;
}

test("tests take Electron as installed, then the one that is named, then none", async () => {
  const installed = join(folder, "installed");
  vi.stubEnv("ELECTRON_OVERRIDE_DIST_PATH", "");
  expect(findElectronForTests(installed)).toBeUndefined();
  vi.stubEnv("ELECTRON_OVERRIDE_DIST_PATH", join(folder, "named"));
  expect(findElectronForTests(installed)).toBeUndefined();
  const named = await electronIn("named");
  expect(findElectronForTests(installed)).toBe(named);
  const executable = await electronIn("installed");
  expect(findElectronForTests(installed)).toBe(executable);
});
