import { open, truncate, writeFile } from "node:fs/promises";
import { totalmem } from "node:os";
import { join } from "node:path";

const PIECE_BYTES = 1024 * 1024;

/**
 * Has the system use all of its memory, as one does that has run for a day: with pages of a file, which it gives up for
 * others. On a virtual machine a page that was never used has to come from the host first, at ten times the cost of
 * writing to it, and each copy of a file would measure that. Only on Linux; elsewhere nothing is done.
 * @param folder where the file stays: with it, the memory would be free again
 */
export async function occupyMemory(folder: string): Promise<void> {
  if (process.platform !== "linux") return;
  const path = join(folder, "occupied");
  await writeFile(path, "");
  await truncate(path, totalmem()); // A hole: it takes no place on the disk.
  const file = await open(path, "r");
  const piece = Buffer.alloc(PIECE_BYTES);
  while ((await file.read(piece, 0, piece.length)).bytesRead > 0);
  await file.close();
}
