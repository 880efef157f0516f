/** Files that are whole or absent after a power cut: written aside, flushed, renamed, folder flushed. */
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { BufferPool } from "#streams/buffer-pool.ts";
import { GatheredWrites } from "#streams/gathered-writes.ts";

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
