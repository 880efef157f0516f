/** What the console was told when it was started. */
export type Told =
  | { readonly kind: "help" | "version" }
  | { readonly kind: "refused"; readonly sentence: string }
  | ToldToStart;

export interface ToldToStart {
  readonly kind: "start";
  /** An absolute folder; null for the user's own. */
  readonly site: string | null;
  /** A connection file that is to be opened, an absolute path. */
  readonly file: string | null;
  /** What goes to Chromium. */
  readonly switches: readonly string[];
}

/** The exit code for words that are not understood. */
export const NOT_UNDERSTOOD: number;
/** @param program how it is called */
export function helpText(program: string): string;
/**
 * @param words without the program's own name
 * @param folder what relative paths count from
 */
export function readCommandLine(words: readonly string[], folder: string): Told;
