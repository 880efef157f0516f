import { access } from "node:fs/promises";

/** Whether a file, or a folder on the way to it, was not there. @param error as Node threw it */
export const saysMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ENOENT";

/** Whether a file or a folder is there, as far as this user can tell. */
export const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
