/** Whether a file, or a folder on the way to it, was not there. @param error as Node threw it */
export const saysMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ENOENT";
