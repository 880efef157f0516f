/** Folders of which the build is made, and files that say how, from the root of the repository. */
export const sources: readonly string[];
export const settings: readonly string[];
/** Builds only when a source is newer than what lies in out/. @throws Error when that fails */
export function ensureBuilt(): Promise<void>;
