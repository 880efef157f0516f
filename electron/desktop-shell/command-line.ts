/**
 * The words that somebody gave the console.
 * @param argv of the process: where nothing is packaged, the program's folder or file comes after the runtime's switches
 */
export function wordsGiven(argv: readonly string[], isPackaged: boolean): string[] {
  const words = argv.slice(1);
  if (isPackaged) return words;
  const program = words.findIndex((word) => !word.startsWith("-"));
  return program === -1 ? words : words.toSpliced(program, 1);
}
