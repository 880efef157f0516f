/** Builds only when a source is newer than what lies in out/. @throws Error when that fails */
export function ensureBuilt(): Promise<void>;
