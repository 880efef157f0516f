import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { createFlushed } from "#runtime/files/new-file.ts";

/** In a spool folder that was chosen: whose it is, though nothing waits in it. */
export const MARK_FILE = "spool-of-console.json";

const markSchema = z.object({ console: z.string() });

/** Id of the console that chose a folder; null where none did, or what is there cannot be read. */
export async function ownerOf(folder: string): Promise<string | null> {
  const text = await readFile(join(folder, MARK_FILE), "utf8").catch(() => "");
  try {
    return markSchema.parse(JSON.parse(text)).console;
  } catch {
    return null;
  }
}

/**
 * Takes a folder, of two consoles that choose it at once for one of them.
 * @returns whether it is this console's now
 */
export async function markFolder(folder: string, owner: string): Promise<boolean> {
  const known = await ownerOf(folder);
  if (known !== null) return known === owner;
  const path = join(folder, MARK_FILE);
  try {
    await createFlushed(path, JSON.stringify({ console: owner }), 0o600);
    return true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    // Somebody was faster, or a power cut left a mark that says nothing.
    const other = await ownerOf(folder);
    if (other !== null) return other === owner;
    await rm(path, { force: true });
    return await markFolder(folder, owner);
  }
}

/** Gives a folder back; what cannot be removed now stays, and is no loss. */
export async function unmarkFolder(folder: string, owner: string): Promise<void> {
  if ((await ownerOf(folder)) === owner) {
    await rm(join(folder, MARK_FILE), { force: true }).catch(() => undefined);
  }
}
