/** What tells programs of the tests which runtime the console runs in. */
export function inRuntime(name: "electron" | "chromium-shell"): Record<string, string>;
/** Sees to it that tests can run in Electron. Null where they cannot, and why has been said. */
export function prepareElectron(): Promise<string | null>;
/** Runs a script with Node 24, in a display that is lent where Electron is to run and there is none; answers its exit code. */
export function runInDisplay(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  place?: number,
): Promise<number>;
/** Whether a run has a display of its own. */
export function isLentDisplay(env: Readonly<Record<string, string>>): boolean;
