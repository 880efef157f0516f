/** The repository's root, an absolute path. */
export const rootDir: string;
/** The executable of Node 24. */
export function node24(): string;
