/** Files that are whole or absent after a power cut: written aside, flushed, renamed, folder flushed. */
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { BufferPool } from "#runtime/streams/buffer-pool.ts";
import { GatheredWrites } from "#runtime/streams/gathered-writes.ts";

/** Large enough for few writes; larger ones want memory in one piece, which the system may have to fetch first. */
const pool = new BufferPool(128 * 1024, 64);

/** Flushes a folder's entries; a rename inside it is durable only afterwards. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return; // Windows has no handle of a folder; NTFS journals renames.
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes chunks durably to a file of a name that nobody knows until this has resolved. What a kill leaves of it is for
 * whoever takes away files that nobody knows.
 * @param syncName flushes the folder's entries; begun while the bytes come
 * @throws what the chunks or the file system throw; nothing is left then
 */
export async function writeNamedLater(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  syncName: () => Promise<void>,
): Promise<void> {
  const file = new GatheredWrites(await open(path, "wx", 0o600), pool);
  try {
    const named = syncName();
    named.catch(() => undefined); // It is waited for below, unless the bytes fail first.
    try {
      for await (const chunk of chunks) await file.append(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await named;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/**
 * Writes chunks to a file durably.
 * @param path where the file will be; nothing is there if this throws
 * @param mode permission bits of the file
 * @throws what the chunks or the file system throw
 */
export async function writeDurably(
  path: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  mode = 0o600,
): Promise<void> {
  const part = `${path}.part`;
  try {
    const file = new GatheredWrites(await open(part, "w", mode), pool);
    try {
      for await (const chunk of chunks) await file.append(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}
