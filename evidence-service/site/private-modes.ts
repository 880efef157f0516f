import { chmod, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { saysMissing } from "#runtime/files/missing-file.ts";

const OWNER_FILE = 0o600;
const OWNER_FOLDER = 0o700;
const OTHERS = 0o077;

/**
 * Keeps a service's folder and what lies directly in it to its owner, whoever made it: a folder that was copied, or
 * made by hand before the first start, lets others read keys and names. Within `blobs` nobody gets past that folder.
 */
export async function keepPrivate(dir: string): Promise<void> {
  if (process.platform === "win32") return; // Windows has no such bits; a folder there inherits its rights.
  await narrow(dir);
  for (const name of await readdir(dir)) await narrow(join(dir, name));
}

async function narrow(path: string): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    if (saysMissing(error)) return null; // SQLite takes its side files away.
    throw error;
  });
  if (found === null || (found.mode & OTHERS) === 0) return;
  await chmod(path, found.isDirectory() ? OWNER_FOLDER : OWNER_FILE);
}
