import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a folder for this user alone, with those above it. Node's own `recursive` answers ENOENT for a disk that
 * can only be read.
 * @returns the topmost folder that was made, or null where all were there
 * @throws what the system fails with; EEXIST where a file is in its place
 */
export async function makeFolder(path: string): Promise<string | null> {
  try {
    await mkdir(path, { mode: 0o700 });
    return path;
  } catch (error) {
    const errno = error instanceof Error && "code" in error ? error.code : undefined;
    if (errno === "EEXIST" && (await stat(path)).isDirectory()) return null;
    const above = dirname(path);
    if (errno !== "ENOENT" || above === path) throw error;
    const firstMade = await makeFolder(above);
    await mkdir(path, { mode: 0o700 });
    return firstMade ?? path;
  }
}
