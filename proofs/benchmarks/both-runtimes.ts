/** Benchmarks that measure the console in Electron and in the Chromium shell, in one run. */
import { runtimeForTests } from "#dev/electron-runtime/runtime-for-tests.ts";
import type { RunningConsole } from "#e2e/index.ts";

export type RuntimeName = RunningConsole["runtime"];

/** What says which runtime a console starts in; the launcher sets it where Electron is there. */
const RUNTIME = "EVIDENCE_DESK_TEST_RUNTIME";

/** Both where Electron is there; else, as the launcher has said, the shell alone. */
export function runtimesHere(): readonly RuntimeName[] {
  return runtimeForTests() === null ? ["chromium-shell"] : ["electron", "chromium-shell"];
}

/** Whatever is started meanwhile runs in it. */
export async function inRuntime<T>(name: RuntimeName, work: () => Promise<T>): Promise<T> {
  const before = process.env[RUNTIME];
  process.env[RUNTIME] = name;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env[RUNTIME];
    else process.env[RUNTIME] = before;
  }
}

/** For the keys of figures: `windowMs` of Electron is `electronWindowMs`. */
export function figuresOf<T>(name: RuntimeName, figures: Readonly<Record<string, T>>): Record<string, T> {
  const prefix = name === "electron" ? "electron" : "shell";
  const named = Object.entries(figures).map(([key, value]): [string, T] => [
    `${prefix}${key.charAt(0).toUpperCase()}${key.slice(1)}`,
    value,
  ]);
  return Object.fromEntries(named);
}
