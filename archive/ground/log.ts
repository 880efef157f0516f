/** Writes one line for the person who operates the archive. Standard output is kept for the ready line. */
export type Log = (line: string) => void;

/** One line with the instant on standard error. */
export const logToStderr: Log = (line) => {
  process.stderr.write(`${new Date().toISOString()} archive: ${line}\n`);
};

/** The sentence of an error of any kind. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
