/** What is no fault of a file: the process, or the machine, has no more of something. */
const OF_THE_MACHINE: ReadonlySet<unknown> = new Set(["EMFILE", "ENFILE", "ENOMEM", "EAGAIN"]);

/** Whether the system says of a file that it is gone, is no file, or cannot be read where it lies. */
export function isOfTheDisk(error: unknown): boolean {
  const isOfSystem = error instanceof Error && "code" in error && "errno" in error;
  return isOfSystem && !OF_THE_MACHINE.has(error.code);
}
