/**
 * Whose the folder of the stored files is, in a file in it. Where a disk is not mounted there is a folder all the same:
 * what was written into it would be hidden once the disk is back.
 */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeDurably } from "#runtime/files/durable-file.ts";
import { BlobsUnreachable } from "../storage/blob-store.ts";
import { isOfTheDisk } from "./disk-errors.ts";

export const OWNER_FILE = "belongs-to";

export interface FolderOwner {
  /** Of whom the files are. */
  readonly id: string;
  /** Whether a folder that says nothing is to be marked: a new one, or one of an earlier version with files that are known. */
  readonly mayTake: () => Promise<boolean>;
  /** It was marked: from now on one that says nothing is another one. */
  readonly taken: () => Promise<void>;
}

/** @returns null where nothing is said, or the folder cannot be read. */
export async function ownerOf(folder: string): Promise<string | null> {
  const text = await readFile(join(folder, OWNER_FILE), "utf8").catch((error: unknown) => {
    if (isOfTheDisk(error)) return null;
    throw error;
  });
  return text === null ? null : text.trim();
}

/** @throws BlobsUnreachable where the folder is not the one of these files */
export async function insistOnOwner(folder: string, { id, mayTake, taken }: FolderOwner): Promise<void> {
  const found = await ownerOf(folder);
  if (found === id) return;
  if (found !== null)
    throw new BlobsUnreachable(`The folder ${folder} has the stored files of another service.`);
  if (!(await mayTake())) {
    throw new BlobsUnreachable(`The folder ${folder} is not that of the stored files: is its disk mounted?`);
  }
  await markOwner(folder, id);
  await taken();
}

export async function markOwner(folder: string, id: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeDurably(join(folder, OWNER_FILE), [Buffer.from(`${id}\n`)]);
}
