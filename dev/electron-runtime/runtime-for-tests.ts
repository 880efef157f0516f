import { fileURLToPath } from "node:url";
import { findElectronForTests } from "../launch/electron-runtime.mjs";
import { findTestRuntime, type TestRuntime } from "./test-runtime.ts";

const rootFolder = fileURLToPath(new URL("../../", import.meta.url));
const WANTED = "EVIDENCE_DESK_TEST_RUNTIME";

/**
 * What the console runs in, null for the Chromium shell: Electron as installed, or as ELECTRON_OVERRIDE_DIST_PATH names
 * it, or, when EVIDENCE_DESK_TEST_RUNTIME is `electron`, the one of the tests. `chromium-shell` asks for the shell.
 * @throws Error when Electron is asked for and there is none: nobody shall take the shell for it
 */
export function runtimeForTests(): TestRuntime | null {
  const wanted = process.env[WANTED] ?? "";
  if (wanted === "chromium-shell") return null;
  const found = installedElectron() ?? (wanted === "electron" ? findTestRuntime() : null);
  if (wanted === "electron" && found === null)
    throw new Error(`${WANTED} asks for Electron, and there is none: node dev/electron-runtime/prepare.ts`);
  return found;
}

function installedElectron(): TestRuntime | null {
  const executablePath = findElectronForTests();
  return executablePath === undefined
    ? null
    : { label: "Electron", executablePath, programFolder: rootFolder };
}
