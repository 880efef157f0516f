/** The repository's root, an absolute path. */
export const rootFolder: string;
/** The executable of Node 24. */
export function node24(): string;
/** The script behind a package's command, to be run with Node 24. */
export function packageScript(...path: readonly string[]): string;
/** Runs a script with Node 24 and the terminal's streams; answers its exit code. */
export function runNode(
  args: readonly string[],
  options?: { readonly env?: Readonly<Record<string, string>> },
): Promise<number>;
