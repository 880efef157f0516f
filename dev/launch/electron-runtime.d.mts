/** Electron's executable, if its runtime is on this machine. */
export function findElectron(): string | undefined;
/**
 * What tests run in: Electron as it is installed and ships, before one that ELECTRON_OVERRIDE_DIST_PATH names.
 * @param installed its folder
 */
export function findElectronForTests(installed?: string): string | undefined;
