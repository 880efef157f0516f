/** Electron's executable, if its runtime is on this machine. */
export function findElectron(): string | undefined;
