/** Files that are whole or absent after a power cut: written aside, flushed, renamed, folder flushed. */
import { open, rm } from "node:fs/promises";
import { BufferPool } from "../streams/buffer-pool.ts";
import { GatheredWrites } from "../streams/gathered-writes.ts";
import { finishPart, partOf } from "./part-file.ts";

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Large enough for few writes; larger ones want memory in one piece, which the system may have to fetch first. */
const pool = new BufferPool(128 * 1024, 64);

/**
 * Writes chunks durably to a file of a name that nobody knows until this has resolved. What a kill leaves of it is for
 * whoever takes away files that nobody knows.
 * @param syncName flushes the folder's entries; begun while the bytes come
 * @throws what the chunks or the file system throw; nothing is left then
 */
export async function writeNamedLater(
  path: string,
  chunks: Chunks,
  syncName: () => Promise<void>,
): Promise<void> {
  const file = await open(path, "wx", 0o600);
  await leavingNothing(path, async () => {
    const named = syncName();
    named.catch(() => undefined); // It is waited for below, unless the bytes fail first.
    await writeFlushed(new GatheredWrites(file, pool), chunks);
    await named;
  });
}

/**
 * Writes chunks to a file of the owner alone, durably. One that has the name is replaced.
 * @param path where the file will be; what is there stays if this throws
 * @throws what the chunks or the file system throw
 */
export async function writeDurably(path: string, chunks: Chunks): Promise<void> {
  await leavingNothing(partOf(path), async () => {
    const file = await open(partOf(path), "w", 0o600);
    await writeFlushed(new GatheredWrites(file, pool), chunks);
    await finishPart(path);
  });
}

async function writeFlushed(file: GatheredWrites, chunks: Chunks): Promise<void> {
  try {
    for await (const chunk of chunks) await file.append(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function leavingNothing(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    // Where the disk is away, what is left goes when somebody looks for such files.
    await rm(path, { force: true }).catch(() => undefined);
    throw error;
  }
}
